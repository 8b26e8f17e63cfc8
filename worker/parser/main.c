/* platen-parser: reads pages for a slot (worker/parser/zygote.h). */
#include "worker/parser/zygote.h"

int
main(int argc, char **argv)
{
	return fork_server_main(argc, argv);
}
