/* sanitized: is this a build with AddressSanitizer? */
#ifndef CORE_SANITIZED_H
#define CORE_SANITIZED_H

/* SANITIZED: 1 where it is, whose shadow needs terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
