// Package channels is where sales channels live: one folder per platform, and
// here the contract for whoever writes another one.
//
// A channel is one account at one platform, a [mip.Channel]. It reads orders
// and tells the platform what became of them; it keeps no orders, decides
// nothing, and is called by package mip/engine.
//
// # Where to look
//
//   - README.md in this folder: the guide, from nothing to a proven channel.
//   - examples/newchannel: a whole channel with its test, to copy from.
//   - mip/rest: the HTTP client with authentication, repetition, paging and
//     errors in the vocabulary of package mip; Rows and Reading for orders.
//   - channels/channeltest: a shop in memory, and Test, which proves in one
//     call that a channel keeps everything written below.
//   - [UsualCarriers]: what carriers are called, and where parcels are followed.
//
// # What a channel does
//
// Reading ([mip.Channel.Orders]):
//
//   - It asks for what changed since the cursor, by the platform's time of
//     change, never by creation: an order may be paid a week later. It asks
//     from a little before the cursor, inclusively, because clocks on the wire
//     have whole seconds and shops commit late. Orders may come twice; the
//     engine ignores what it knows. None may be left out, also not when the
//     platform's clock is set back: see rest.Mark.
//   - It gives a Next with a page only when everything before has been handed
//     over, and one at the end at the latest. If the platform's paging shifts
//     while orders change, Next stays empty until the window is finished.
//   - It yields every order, also one that is unpaid, cancelled, refunded or
//     in a status nobody knows: [mip.Facts.Demand] says what the shop wants,
//     and an unknown word is never [mip.DemandShip].
//   - An order that cannot be read is yielded with Defects and Raw. Only when
//     the shop itself cannot be read there is an error, and it comes last.
//   - An answer that is not the shop's (a web page, nothing, an error inside a
//     200) is an error. It is never taken for an empty page.
//   - Texts arrive as they are. Lengths, characters and postcodes are for the
//     rules to judge, where a person sees it.
//   - Ref.ID is the platform's immutable id, not the number shown to people;
//     Line.ID is the platform's id of the line; amounts come from text, never
//     through a float; times are UTC.
//
// Telling ([mip.Channel.Report]):
//
//   - "Make it so": it reads what the shop shows, then writes what is missing.
//     It is called again with the same or newer news at any time; what is
//     there already is not written again, a corrected number replaces the old
//     one, and a parcel without a number is not shown yet.
//   - An outcome that cannot be told is [mip.ErrUnknown], and the next call
//     settles it. [mip.ErrRefused], [mip.ErrNotFound] and [mip.ErrInvalid]
//     mean that this content will never be taken.
//   - A ref of another account is [mip.ErrInvalid].
//
// Throughout: safe for concurrent use; every wait ends with its context; reads
// are repeated a few times and wait as the platform asks, writes are repeated
// only after proof that they were not executed; no request without a time-out;
// a bad key is [mip.ErrUnauthorized] at once; errors and log lines name the
// operation and the order and never hold a credential, a person or the text of
// an answer.
//
// # What it may do besides
//
// Abilities are small interfaces, found by type assertion: [mip.Getter] (one
// order by its id), [mip.Rewinder] (reading anew from a point in time),
// [mip.Accepter], [mip.Canceller], and here [Webhook] for platforms that push.
// [Webhooks] is the HTTP handler for all of those.
package channels
