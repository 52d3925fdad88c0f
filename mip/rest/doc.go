// Package rest is the HTTP toolkit for adapter authors: one [Client] per
// vendor account over resty, in the error vocabulary of package mip.
//
//	api, err := rest.New(rest.Config{Name: "acme", BaseURL: "https://api.acme.example/v1", Auth: rest.Bearer(key)})
//	err = api.Do(ctx, rest.Call{Path: "/orders/{id}", Vars: rest.Vars{"id": id}, Out: &order})
//
// What it promises:
//
//   - A call is a read or a write, see [Access]. Reads that fail for now are
//     repeated a few times; a write is repeated only after proof that it was
//     not executed, and only if [Call.Repeat] asks for it.
//   - A write whose outcome cannot be told is [mip.ErrUnknown]. It is
//     [mip.ErrUnavailable] only if nothing had left the machine.
//   - An answer is decoded from its bytes, whatever its content type. HTML, an
//     empty body or other text where JSON is due is [mip.ErrContract] after a
//     read and [mip.ErrUnknown] after a write. A web page with status 404 is not
//     [mip.ErrNotFound]: what says so is not the API.
//   - Every try passes the [Limiter], repetitions too, also those that net/http
//     makes by itself when a kept-alive connection breaks.
//   - Errors, hooks and log lines name the call by its path template. They
//     never hold ids, queries, headers or bodies.
//   - Redirects are not followed and cookies are not kept.
//
// [Pages] walks lists, [Changes] what changed by the shop's own clock, which may
// be set back, [Rows] keeps one order that cannot be decoded from hiding
// the others, [Reading] turns a platform's order into facts with what is wrong in
// it, and [Tokens] keeps a credential that expires.
//
// Note that net/http itself repeats a request that carries an Idempotency-Key
// header when a kept-alive connection breaks; send that header only to a
// vendor that honours it.
package rest
