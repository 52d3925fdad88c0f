package channeltest_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
)

// world opens a shop with the demo channel and one planted bug, none if empty.
func world(bug string) channeltest.Opener {
	return func(s channeltest.Setup) (channeltest.World, error) {
		shop := channeltest.NewShop("demo")
		net := channeltest.Serve(wire(shop))
		channel := func(key string) *demo {
			return &demo{name: "demo", key: key, http: net.Client(), log: s.Logger, bug: bug}
		}
		return channeltest.World{
			Channel: channel(goodKey), BadKey: channel("no such key at all"), Shop: shop, Net: net,
			Hooks: &hooks{}, Secrets: []string{goodKey, hookSecret},
		}, nil
	}
}

// A channel over a wire, without bugs, passes.
func TestDemo(t *testing.T) {
	t.Parallel()
	channeltest.Test(t, world(""))
}

type plant struct{ bug, check string }

// planted is which check catches which bug.
var planted = []plant{
	{"name changes", "the name is an account name"},
	{"empty shop invents an order", "an empty shop is no error"},
	{"lost phone", "every field arrives"},
	{"lost second address line", "every field arrives"},
	{"wrong id", "every field arrives"},
	{"number as id", "every field arrives"},
	{"wrong line ids", "every field arrives"},
	{"unit price for line total", "every field arrives"},
	{"local time", "every field arrives"},
	{"own demand word", "every field arrives"},
	{"cut at 70 characters", "every field survives hostile text"},
	{"escaped text", "every field survives hostile text"},
	{"control characters removed", "every field survives hostile text"},
	{"cut at 64 KiB", "a note of one megabyte arrives"},
	{"getter forgets the note", "an order by its id is the order of the list"},
	{"not found is unavailable", "an order by an unknown id is ErrNotFound"},
	{"first page only", "all orders arrive over several pages"},
	{"time alone as page mark", "all orders of one second arrive over several pages"},
	{"not restartable", "a second range starts over"},
	{"fetches before the loop", "nothing is fetched before the loop"},
	{"eager paging", "pages are handed over as they are read"},
	{"eager paging", "break stops fetching"},
	{"fetches after break", "break stops fetching"},
	{"swallowed error", "an error comes last"},
	{"something after the error", "an error comes last"},
	{"no cursor", "a finished reading gives a cursor"},
	{"cursor ahead of the page", "continuing from any cursor loses nothing"},
	{"page numbers", "orders changed while paging are not lost"},
	{"dropped since", "from the saved cursor only changes come"},
	{"no overlap", "a change in the second of the cursor is not lost"},
	{"created instead of updated", "an order paid a week later is seen"},
	{"unpaid is shipped", "an order paid a week later is seen"},
	{"unpaid for ever", "an order paid a week later is seen"},
	{"bad order is an error", "one unreadable order hides no other"},
	{"bad order is dropped", "one unreadable order hides no other"},
	{"hidden defect", "one unreadable order hides no other"},
	{"defect without raw", "one unreadable order hides no other"},
	{"rounded quantity", "a fractional quantity is not rounded"},
	{"missing address panics", "a missing address is survived"},
	{"drops orders without an address", "a missing address is survived"},
	{"optional is required", "missing optional parts are survived"},
	{"unknown status is shipped", "an unknown status is survived and not shipped"},
	{"drops all but the known statuses", "an unknown status is survived and not shipped"},
	{"first address for ever", "an edited order comes again"},
	{"created instead of updated", "an edited order comes again"},
	{"cancelled ones are filtered out", "a cancelled order comes back as cancelled"},
	{"refund ignored", "a refund reduces the pieces wanted"},
	{"closed orders are shipped", "an order that the shop calls done comes as closed"},
	{"closed ones are filtered out", "an order that the shop calls done comes as closed"},
	{"second accept is a conflict", "accepting an order may be repeated"},
	{"accepts what does not exist", "accepting an order may be repeated"},
	{"second cancel is a conflict", "cancelling at the shop may be repeated"},
	{"not found is unavailable", "cancelling at the shop may be repeated"},
	{"lost tracking", "a report arrives and may be repeated"},
	{"lost carrier", "a report arrives and may be repeated"},
	{"wrong tracking page", "a report arrives and may be repeated"},
	{"writes without reading", "a report arrives and may be repeated"},
	{"status is left out", "a report arrives and may be repeated"},
	{"tracking at another order", "a report touches no other order"},
	{"submitted is shown as shipped", "news before shipping shows no shipment"},
	{"delivered is shown as submitted", "delivered after shipped keeps the tracking"},
	{"cancelling is left out", "a cancelled order is shown as cancelled or refused"},
	{"first parcel only", "several parcels arrive, each once"},
	{"whole lines in every parcel", "pieces of one line in two parcels arrive"},
	{"tracking by SKU", "a report arrives and may be repeated"},
	{"parcels of unknown content are left out", "a parcel of unknown content arrives"},
	{"later parcels are forgotten", "parcels that leave later are added"},
	{"empty number is shown", "a parcel whose number comes later is shown once"},
	{"first number wins", "a corrected tracking number arrives"},
	{"corrections come beside the old one", "a corrected tracking number arrives"},
	{"not found is unavailable", "a report on an unknown order is ErrNotFound"},
	{"foreign ref accepted", "a report on another account's order is refused"},
	{"always writes", "its own write comes back and settles"},
	{"echo is a cancellation", "its own write comes back and settles"},
	{"write repeated blindly", "a report whose answer was lost is settled by repeating"},
	{"lost answer is a refusal", "a report whose answer was lost is settled by repeating"},
	{"failed write is success", "a report into a failing shop is settled by repeating"},
	{"server error is a refusal", "a report into a failing shop is settled by repeating"},
	{"soft error after a write is success", "a report into a failing shop is settled by repeating"},
	{"anything with status 200 is an order", "a report into a failing shop is settled by repeating"},
	{"throttled is invalid", "a throttled report is repeated later"},
	{"bad key is unavailable", "a report with a bad key is ErrUnauthorized"},
	{"no retry", "it waits when throttled"},
	{"ignored Retry-After", "it waits when throttled"},
	{"tries for ever", "it gives up when throttled for ever"},
	{"throttled is invalid", "it gives up when throttled for ever"},
	{"no retry", "one server error is survived"},
	{"server error is a refusal", "a shop that is down is ErrUnavailable"},
	{"tries for ever", "a shop that is down is ErrUnavailable"},
	{"no time-out", "a shop that never answers is given up"},
	{"ignored context", "a cancelled context ends it"},
	{"wait ignores context", "a cancelled context ends it"},
	{"web page as an empty shop", "a web page instead of JSON is an error, not an empty shop"},
	{"an object without orders is an empty shop", "a web page instead of JSON is an error, not an empty shop"},
	{"an object without orders is an empty shop", "a strange answer on a later page is an error, not the end"},
	{"swallowed error", "a strange answer on a later page is an error, not the end"},
	{"swallowed error", "a bad key is ErrUnauthorized and last"},
	{"bad key is unavailable", "a bad key is ErrUnauthorized and last"},
	{"bad key tried again", "a bad key is ErrUnauthorized and last"},
	{"bad cursor ends in silence", "an unusable cursor is an error or a fresh start"},
	{"key in the URL", "secrets and personal data stay out of errors and logs"},
	{"body in the error", "secrets and personal data stay out of errors and logs"},
	{"body in the log", "secrets and personal data stay out of errors and logs"},
	{"tracking at another order", "it is safe for concurrent use"},
	{"leaves a goroutine", "no goroutine is left behind"},
	{"every delivery has a new id", "a signed delivery names its order"},
	{"signature not looked at", "a wrong or missing signature is ErrUnauthorized"},
	{"signature only has to be there", "a wrong or missing signature is ErrUnauthorized"},
	{"no signature is fine", "a wrong or missing signature is ErrUnauthorized"},
	{"signature over the trimmed body", "a wrong or missing signature is ErrUnauthorized"},
	{"ping names an order", "a ping names no order"},
}

func TestTheSuiteCatchesEveryPlantedBug(t *testing.T) {
	t.Parallel()
	checks := map[string]channeltest.Check{}
	proven := map[string]bool{}
	for _, c := range channeltest.Checks() {
		require.NotContains(t, checks, c.Name, "two checks with one name")
		assert.NotEmpty(t, c.Why, c.Name)
		checks[c.Name] = c
	}
	for _, p := range planted {
		proven[p.check] = true
	}
	for _, p := range planted {
		t.Run(p.bug+" → "+p.check, func(t *testing.T) {
			t.Parallel()
			c, ok := checks[p.check]
			require.True(t, ok, "no such check")
			err := c.Try(t, world(p.bug))
			require.Error(t, err, "the bug survives")
			require.NotErrorIs(t, err, channeltest.ErrNotConcerned)
			t.Log(err)
		})
	}
	for name := range checks {
		assert.True(t, proven[name], "nothing proves that the check %q can fail", name)
	}
}

func TestAWorldThatDoesNotOpenFailsEveryCheck(t *testing.T) {
	gone := errors.New("no such place")
	worlds := map[string]channeltest.Opener{
		"an error": func(channeltest.Setup) (channeltest.World, error) { return channeltest.World{}, gone },
		"nothing":  func(channeltest.Setup) (channeltest.World, error) { return channeltest.World{}, nil },
	}
	for name, open := range worlds {
		for _, c := range channeltest.Checks() {
			assert.Error(t, c.Try(t, open), "%s: %s", name, c.Name)
		}
	}
}

func TestWhatThePlatformCannotDoIsNotAsked(t *testing.T) {
	bugs := map[channeltest.Ability]string{
		channeltest.SeveralParcels: "first parcel only",
		channeltest.Corrections:    "first number wins",
		channeltest.Carriers:       "lost carrier",
		channeltest.Refunds:        "refund ignored",
		channeltest.LongNotes:      "cut at 64 KiB",
		channeltest.Unpaid:         "unpaid is shipped",
	}
	for ability, bug := range bugs {
		t.Run(string(ability), func(t *testing.T) {
			open := func(s channeltest.Setup) (channeltest.World, error) {
				w, err := world(bug)(s)
				w.Cannot = map[channeltest.Ability]string{ability: "an old platform"}
				return w, err
			}
			asked := 0
			for _, c := range channeltest.Checks() {
				if !slices.Contains(planted, plant{bug, c.Name}) {
					continue
				}
				asked++
				if err := c.Try(t, open); !errors.Is(err, channeltest.ErrNotConcerned) {
					assert.NoError(t, err, c.Name)
				}
			}
			assert.Positive(t, asked)
		})
	}
}
