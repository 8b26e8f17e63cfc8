/*
 * What an OpenAI-compatible server or Gemini may answer; the first byte says
 * which of them.
 */
#include "t/fuzz/fuzz.h"

#include "t/fuzz/lib/model.h"
#include "worker/model/provider.h"

extern const struct provider provider_gemini, provider_openai;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len > 0)
		model_fuzz(data[0] & 1 ? &provider_gemini : &provider_openai,
		    data + 1, len - 1);
	return 0;
}
