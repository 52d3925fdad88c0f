// Package paypaltest is PayPal in memory: an HTTP server that answers the way
// PayPal's REST API does to the app of an account that receives payments. It
// has access tokens, Orders v2, Payments v2, Vault v3, webhooks, and a person
// who pays.
//
//	srv := paypaltest.New(paypaltest.Config{})
//	client := srv.Client() // calls the server in-process, for any host
//
// [Server] is an [http.Handler]; [Server.Client] and [Server.Transport] reach
// it without sockets, so they work inside a testing/synctest bubble;
// [Server.Listen] puts it on loopback, with pages on which to approve.
//
// # People
//
// [Server.Approve], [Server.Decline], [Server.CancelAtPayPal] and
// [Server.ApproveSetup] are the payer; [Server.RevokeConsent],
// [Server.ReverseApproval], [Server.CompleteCapture] and the like are what
// happens afterwards. [Server.Charged] is the book: whatever was charged
// twice is there twice.
//
// # Faults
//
// [Server.Fail] spoils the next calls of a route, [Server.Refuse] and the
// header PayPal-Mock-Response refuse them with an issue, and [Server.OnCall]
// asks a function of yours before each call. [Switches] hold what stays on
// until switched off. A PayPal-Request-Id is remembered for [OrdersKeep],
// [PaymentsKeep] or [VaultKeep]: until then the same call is answered with
// what the first one made, after that it pays again.
//
// # Webhooks
//
// [Server.Events] is what PayPal would tell, and [Server.Deliver] tells it:
// signed, in any order and as often as asked. [Server.DeliverForged] is
// somebody else. Certificates are served by the server itself, under
// https://api.paypal.com, and lead to [Server.CertPool].
//
// # What is known and what is assumed
//
// Bodies, issues, limits and times follow PayPal's published API. Assumed
// are: a PayPal-Request-Id belongs to one operation and is not used up by a
// refusal; an approved order whose instrument is declined stays APPROVED and
// has five attempts; a used or expired setup token is TOKEN_EXPIRED; a
// reauthorization replaces its authorization; the fee; and the parts of
// minimal answers that the documentation leaves open ([Switches]).
//
// A Server may be used from many goroutines. It takes the time from
// [Config.Now], starts no goroutine of its own except in Listen, and is meant
// for tests and examples only.
package paypaltest
