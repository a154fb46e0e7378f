// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The most similar names, by edit distance.
 *
 *   in:  a name that was not found, and the names that exist
 *   out: the few that may have been meant
 */
#include "edit_distance.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t edit_distance(const char *a, const char *b)
{
	size_t a_len = strnlen(a, NEAREST_NAME);
	size_t b_len = strnlen(b, NEAREST_NAME);
	size_t rows[3][NEAREST_NAME + 1];

	/* row[j]: from the first i bytes of @a to the first j of @b */
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];
		const size_t *two_above = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = least(above[j - 1] +
					       !same_letter(a[i - 1], b[j - 1]),
				       least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]))
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void nearest_init(struct nearest *nearest, const char *name, const char *near[],
		  size_t max)
{
	*nearest = (struct nearest){
		.name = name,
		.near = near,
		.max = least(max, NEAREST_MAX),
	};
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t distance = edit_distance(nearest->name, candidate);
	size_t bound = strnlen(nearest->name, NEAREST_NAME) / 3;
	size_t place = nearest->len;

	if (distance > (bound ? bound : 1))
		return;
	while (place > 0 && nearest->distances[place - 1] > distance)
		place--;
	if (place == nearest->max)
		return;
	if (nearest->len < nearest->max)
		nearest->len++;
	for (size_t i = nearest->len - 1; i > place; i--) {
		nearest->near[i] = nearest->near[i - 1];
		nearest->distances[i] = nearest->distances[i - 1];
	}
	nearest->near[place] = candidate;
	nearest->distances[place] = distance;
}
