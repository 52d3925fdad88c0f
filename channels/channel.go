package channels

import "github.com/openmip/openmip/mip"

// The ports of package mip that a channel implements, by their short names.
type (
	// Channel is one account at one sales channel.
	Channel = mip.Channel
	// Cursor marks how far a channel was read.
	Cursor = mip.Cursor
	// Page is one step of reading.
	Page = mip.Page
	// Facts is what a channel knows of an order.
	Facts = mip.Facts
	// Status is what a channel is told of an order.
	Status = mip.Status
	// Getter fetches one order by its id.
	Getter = mip.Getter
	// Accepter accepts orders before they may be shipped.
	Accepter = mip.Accepter
	// Canceller cancels orders at the channel.
	Canceller = mip.Canceller
)
