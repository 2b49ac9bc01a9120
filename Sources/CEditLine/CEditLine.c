#include "CEditLine.h"
int cel_version(void) { return LIBEDIT_MAJOR * 100 + LIBEDIT_MINOR; }
