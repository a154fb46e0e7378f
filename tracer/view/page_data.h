/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The data of the page, as JSON that is safe between two tags of HTML. */
#ifndef DIALTONE_PAGE_DATA_H
#define DIALTONE_PAGE_DATA_H

#include "picture.h"

/* Writes the picture's rows and their explanations. 0 or -ENOMEM. */
int page_data_write(FILE *out, const struct picture *picture);

#endif
