#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

/* The names of the normal forms are macros over incomplete types, which Swift cannot import. */

static inline uninorm_t cunistring_nfc(void) { return UNINORM_NFC; }

static inline uninorm_t cunistring_nfkc(void) { return UNINORM_NFKC; }

static inline uninorm_t cunistring_nfd(void) { return UNINORM_NFD; }
