package mip

import "time"

// Late reports whether the channel's latest dispatch has passed and the order
// has not left, nor been cancelled.
func (o Order) Late(at time.Time) bool { return o.owed() && !o.ShipBy.IsZero() && !at.Before(o.ShipBy) }

// owed reports whether the channel still waits for the order to leave.
func (o *Order) owed() bool {
	return o.State != StateShipped && !o.State.Terminal() && !o.CancelAsked
}

// LateFinding says that the channel's latest dispatch of an order has passed.
func LateFinding(o Order) Finding {
	return Finding{Code: CodeShipByPassed, Path: "shipBy", Severity: Notice,
		Params: map[string]string{"shipBy": o.ShipBy.UTC().Format(time.RFC3339)}}
}

// remind has the order looked at when its latest dispatch passes. This is once
// for each time that the channel names, whatever becomes of the order.
func (s *step) remind() {
	if !s.o.ShipBy.IsZero() {
		s.effect(EffectRemind, 0, s.o.ShipBy)
	}
}

// inTime takes back that the order is late, once it has left or another time
// is named. Whether a time has passed is not asked again: clocks differ.
func (s *step) inTime() {
	for _, f := range s.o.Findings {
		if f.Code == CodeShipByPassed && (!s.o.owed() || f.Params["shipBy"] != LateFinding(*s.o).Params["shipBy"]) {
			s.drop(CodeShipByPassed)
			return
		}
	}
}
