// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* `tracer capture` alone, without the libraries that the rest needs. */
#include "../../tracer/commands.h"

int main(int argc, char **argv)
{
	return cmd_capture(argc, argv);
}
