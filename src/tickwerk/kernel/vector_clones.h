// TW_VECTOR_CLONES before a function compiles it three times (baseline, AVX2, AVX-512) and picks
// one when the program starts. Used by kernels whose loops are IEEE basic operations, so that all
// three give the same bits (see cmake/CompileFlags.cmake). It is never a reason for different
// values. Where the vector width is part of the source, TW_HAS_VECTOR_CLONES says whether versions
// of a function for those three targets may be written out.
#pragma once

// Empty under ThreadSanitizer, whose runtime is not yet up when the dynamic linker asks which clone
// to take (the program dies before main), and where compiler or processor have no such clones.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define TW_HAS_VECTOR_CLONES
#define TW_VECTOR_CLONES [[gnu::target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")]]
#else
#define TW_VECTOR_CLONES
#endif
