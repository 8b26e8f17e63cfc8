/* fuzz: what each t/fuzz/NAME.c defines and libFuzzer or driver.c calls. */
#ifndef T_FUZZ_FUZZ_H
#define T_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * LLVMFuzzerTestOneInput: one input, not terminated; always returns 0.
 * A broken promise of the code under test ends in abort().
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
