package peers_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/looplab/fsm"
	"github.com/qmuntal/stateless"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
)

// table is the state table of mip, which Step obeys. Where an event may lead to
// several states, which is decided by more than the state, the peers get the
// first of them.
var table = func() (out []mip.Transition) {
	for _, t := range mip.Transitions() {
		if !slices.ContainsFunc(out, func(o mip.Transition) bool { return o.From == t.From && o.On == t.On }) {
			out = append(out, t)
		}
	}
	return out
}()

// An order as it is first seen, what the shop says, and when.
var (
	at     = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	before = mip.Order{Facts: mip.Facts{Ref: mip.Ref{Channel: "shop", ID: "1001"}}}
	facts  = mip.Facts{Ref: before.Ref, Number: "1001", Demand: mip.DemandShip, UpdatedAt: at, Total: mip.EUR(105_00),
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle Mayor 5", City: "Madrid", Postcode: "28013",
			Country: "ES", Phone: "+34 612 345 678", Email: "ana@example.test"},
		Lines: []mip.Line{{ID: "1", SKU: "S0000001", Title: "Lamp", Quantity: 2, Total: mip.EUR(20_00)}}}
	event = mip.Event{Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &facts}
)

var result mip.Result

func ours() { result, _ = mip.Step(before, event, at) }

// become does by hand what Step does besides choosing the state: take the
// facts over, write the line of history, ask for the check.
func become(from, to mip.State) {
	result.Order = before
	n := &result.Order
	n.Facts = *event.Facts
	n.ShipTo = n.ShipTo.Normal()
	n.State, n.ReceivedAt, n.ChangedAt = to, at, at
	result.Change = mip.Change{At: at, Event: event.Kind, From: from, To: to, Actor: event.Actor}
	result.Effects = []mip.Effect{{Kind: mip.EffectCheck, Ref: before.Ref, Due: at}}
}

func configure(m *stateless.StateMachine) {
	for _, t := range table {
		if t.From == t.To {
			m.Configure(t.From).PermitReentry(t.On)
		} else {
			m.Configure(t.From).Permit(t.On, t.To)
		}
	}
	m.Configure(mip.StateReceived).OnEntry(func(context.Context, ...any) error {
		become("", mip.StateReceived)
		return nil
	})
}

func events() fsm.Events {
	var out fsm.Events
	for _, t := range table {
		out = append(out, fsm.EventDesc{Name: string(t.On), Src: []string{string(t.From)}, Dst: string(t.To)})
	}
	return out
}

var entered = fsm.Callbacks{"enter_" + string(mip.StateReceived): func(context.Context, *fsm.Event) { become("", mip.StateReceived) }}

// BenchmarkStep imports an order. "shared" is one machine for all orders that
// is told each order's state, "built" one machine per order, which is what
// their documentation shows.
func BenchmarkStep(b *testing.B) {
	ctx := context.Background()
	check := func(b *testing.B, err error) {
		if err != nil || result.Order.State != mip.StateReceived {
			b.Fatal(result.Order.State, err)
		}
	}
	b.Run("shared", func(b *testing.B) {
		var state stateless.State
		one := stateless.NewStateMachineWithExternalStorage(
			func(context.Context) (stateless.State, error) { return state, nil },
			func(_ context.Context, s stateless.State) error { state = s; return nil }, stateless.FiringImmediate)
		configure(one)
		other := fsm.NewFSM("", events(), entered)
		benchtest.Compare(b, ours,
			benchtest.Peer{Name: "stateless", Do: func() {
				state = mip.State("")
				check(b, one.FireCtx(ctx, mip.EventImported))
			}},
			benchtest.Peer{Name: "looplab", Do: func() {
				other.SetState("")
				check(b, other.Event(ctx, string(mip.EventImported)))
			}})
	})
	b.Run("built", func(b *testing.B) {
		benchtest.Compare(b, ours,
			benchtest.Peer{Name: "stateless", Do: func() {
				m := stateless.NewStateMachine(mip.State(""))
				configure(m)
				check(b, m.FireCtx(ctx, mip.EventImported))
			}},
			benchtest.Peer{Name: "looplab", Do: func() {
				check(b, fsm.NewFSM("", events(), entered).Event(ctx, string(mip.EventImported)))
			}})
	})
}
