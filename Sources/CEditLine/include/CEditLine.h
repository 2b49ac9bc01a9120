#ifndef CEDITLINE_H
#define CEDITLINE_H
#include <histedit.h>
int cel_version(void);
#endif
