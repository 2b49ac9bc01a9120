/* What libyaml's configure script would write. These files are libyaml 0.2.5 as released, without
   dumper.c and loader.c, which nothing here calls; only yaml_private.h was changed: it includes this
   file always. */
#define YAML_VERSION_STRING "0.2.5"
#define YAML_VERSION_MAJOR 0
#define YAML_VERSION_MINOR 2
#define YAML_VERSION_PATCH 5
