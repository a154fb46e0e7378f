# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The layers of the tracer. A layer is a folder of tracer/, and "commands" is
# tracer/ itself. Each is one static library, and the linker searches them in
# this order. A layer may call the layers named after it below, and the layers
# that those may call. Nothing else links: tests/build/layers.

LAYERS := commands count tree stack kernel ftrace wire process diff why \
	view verdict story plan explain record

calls_commands := count tree stack diff why verdict
calls_count := kernel ftrace view
calls_tree := kernel ftrace view
calls_stack := kernel view
calls_kernel := wire process plan
calls_wire := record
calls_process := record
calls_diff := view
calls_why := view
calls_view := story explain
calls_verdict := story
calls_story := plan
calls_plan := record
calls_explain := record
