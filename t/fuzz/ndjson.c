/* What an Ollama server may answer: worker/provider/ollama.c. */
#include "t/fuzz/fuzz.h"

#include "t/fuzz/lib/model.h"
#include "worker/model/provider.h"

extern const struct provider provider_ollama;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	model_fuzz(&provider_ollama, data, len);
	return 0;
}
