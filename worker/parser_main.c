/* platen-parser: reads pages for a slot (worker/fork_server.h). */
#include "worker/fork_server.h"

int
main(int argc, char **argv)
{
	return fork_server_main(argc, argv);
}
