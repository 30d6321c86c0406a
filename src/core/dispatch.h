/* dispatch.h -- from a request to its answer: who asks, in which language and context, what they asked for, whether
 * they may, and the page or JSON that answers. The only part of core that knows HTTP, besides the page engines. */
#ifndef KHUE_DISPATCH_H
#define KHUE_DISPATCH_H
#include "core/app.h"

/* Answers one request; app is a struct app. Fits serve_options.handle. Every answer has its security headers. */
void dispatch(void *app, struct request *r, struct reply *p);

/* Parses the templates and sentences of both languages into app->pages and keeps what pages share between requests.
 * Call it once a process, after app->registry and app->modules are set. False: why says which template and line. */
bool pages_open(struct app *app, char why[static 256]);
void pages_close(struct app *app);

/* ---- for the module that signs people in ------------------------------------------------------- */
/* The session cookie's value goes to app->actor_of. Set with token empty to end it. Call within a route's run. */
void session_cookie(struct ctx *c, str token, int64_t max_age_s);
/* A small cookie beside it, under its own name (letters); max_age_s -1: until the browser closes. And what came. */
void other_cookie(struct ctx *c, const char *word, str value, int64_t max_age_s);
str  other_cookie_of(const struct ctx *c, const char *word);
/* Our origin as the browser asked for it: https://host[:port]; empty outside a request. */
str  own_origin(const struct ctx *c);
/* The client's address and user agent, for the access log and rate limits; empty outside a request. */
str  client_address(const struct ctx *c);
str  client_agent(const struct ctx *c);
/* The address a sign-in should return to: ?ve=, only when it is a path of ours; else "/". */
str  return_address(struct ctx *c, str wanted);
/* Tells the browser to forget everything it stored for us (Clear-Site-Data): at sign-out. */
void forget_device(struct ctx *c);
/* A template over a view, to be part of another page: the cards of the home page. Within a request only. */
enum rc page_part(struct ctx *c, const char *page, const struct shape *shape, const void *view, html *ret);
/* A file instead of a page: sent as a download under that name. The bytes live as long as c. */
enum rc answer_file(struct ctx *c, str name, str type, str bytes);
#endif
