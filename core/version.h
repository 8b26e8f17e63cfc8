/* version: of the product. */
#ifndef CORE_VERSION_H
#define CORE_VERSION_H

#define PLATEN_VERSION "0.1"

#endif
