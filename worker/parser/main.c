/* platen-parser: reads pages for a slot (worker/parser/zygote.h). */
#include "worker/parser/zygote.h"

int
main(int argc, char **argv)
{
	return zygote_main(argc, argv);
}
