/* Deals the records of a file to k files with a seeded draw and does nothing else: no folds of a known library, no checks, no
   digests, no report. Usage: native-splitter DATA PREFIX K [quoted] */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_BUFFER (1 << 20)
#define SHARD_BUFFER (1 << 19)

int main(int count, char **arguments) {
  int k = atoi(arguments[3]), quoted = count > 4, inside = 0, cell = 0;
  FILE *in = fopen(arguments[1], "r"), *out[256];
  char *line = NULL, name[4096];
  size_t size = 0;
  ssize_t length;
  uint64_t state = 23;
  if (!in || k < 1 || k > 256) return 1;
  for (int i = 0; i < k; i++) {
    snprintf(name, sizeof name, "%s%d", arguments[2], i);
    if (!(out[i] = fopen(name, "w"))) return 1;
    setvbuf(out[i], malloc(SHARD_BUFFER), _IOFBF, SHARD_BUFFER);
  }
  setvbuf(in, malloc(INPUT_BUFFER), _IOFBF, INPUT_BUFFER);
  while ((length = getline(&line, &size, in)) > 0) {
    if (!inside) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      cell = (state >> 33) % k;
    }
    if (quoted)
      for (char *at = memchr(line, '"', length); at; at = memchr(at + 1, '"', line + length - at - 1)) inside ^= 1;
    fwrite_unlocked(line, 1, length, out[cell]);
  }
  for (int i = 0; i < k; i++)
    if (fclose(out[i])) return 1;
  return 0;
}
