package magento

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// ship makes the shop show the parcels, each once. Those that name their
// pieces come first, so that one of unknown content takes only what is left.
func (s *Shop) ship(ctx context.Context, o *order, st mip.Status) error {
	var parcels, open []mip.Parcel
	for _, p := range st.Parcels {
		switch {
		case p.Number == "":
		case len(p.Items) > 0:
			parcels = append(parcels, p)
		default:
			open = append(open, p)
		}
	}
	parcels = append(parcels, open...)
	silent := len(parcels) == 0 // a number may still come, unless all has arrived
	if silent && st.State != mip.StateDelivered {
		return nil
	}
	if o.Demand == mip.DemandCancel {
		return fail("report", mip.ErrRefused, "the shop has cancelled it")
	}
	all, err := s.shipments(ctx, o.Ref.ID)
	if err != nil {
		return err
	}
	left := o.left()
	if silent && len(all) == 0 && len(left) > 0 {
		_, err := s.send(ctx, o, mip.Parcel{ID: "all"}, o.take(left, mip.Parcel{}))
		return err
	}
	for _, p := range parcels {
		if all, err = s.show(ctx, o, all, left, p); err != nil {
			return err
		}
	}
	return nil
}

// show makes the shop show one parcel, and returns the shipments as they are
// then.
func (s *Shop) show(ctx context.Context, o *order, all []shipment, left map[string]int, p mip.Parcel) ([]shipment, error) {
	want, elsewhere, title := false, false, s.title(p)
	var old []track
	var home text
	for _, sh := range all {
		for _, t := range sh.Tracks.V {
			ours := t.V.of(p, sh)
			switch {
			case string(t.V.Number) == p.Number && (!ours || string(t.V.Title) == title):
				want, elsewhere = true, elsewhere || !ours
			case ours:
				old = append(old, t.V)
			}
			if ours {
				home = sh.ID
			}
		}
		if sh.holds(p) {
			home = sh.ID
		}
	}
	if !want {
		items := o.take(left, p)
		switch {
		case home == "" && len(items) > 0:
			return s.send(ctx, o, p, items)
		case home == "" && len(all) == 0:
			return all, s.cannot(o)
		case home == "":
			home = all[len(all)-1].ID
		}
		if err := s.addTrack(ctx, o, home, p); err != nil {
			return all, err
		}
	}
	if elsewhere && home == "" && len(p.Items) > 0 { // one number for two parcels: the pieces leave, the number stands once
		if items := o.take(left, p); len(items) > 0 {
			p.Number = ""
			return s.send(ctx, o, p, items)
		}
	}
	for _, t := range old {
		if err := s.dropTrack(ctx, t.ID); err != nil {
			return all, err
		}
	}
	return all, nil
}

// cannot says why there is nothing to ship. A hold and a review of the payment
// end some day.
func (s *Shop) cannot(o *order) error {
	if state := o.wire.State; state == "holded" || state == "payment_review" {
		return fail("report", mip.ErrUnavailable, "the shop keeps the order on hold")
	}
	return fail("report", mip.ErrRefused, "nothing of the order is left to ship")
}

// shipPath refuses by its validator, whose first words no language changes.
const shipPath = "/order/{id}/ship"

// send makes a shipment with the parcel's number, if it has one. Magento would
// make another one each time, so after a refusal it is read back too: only
// what is not there was refused.
func (s *Shop) send(ctx context.Context, o *order, p mip.Parcel, items []shipItem) ([]shipment, error) {
	if state := o.wire.State; state == "holded" || state == "payment_review" {
		return nil, s.cannot(o)
	}
	body := map[string]any{
		"items": items, "notify": !s.config.Quiet, "appendComment": false,
		"comment": map[string]any{"comment": mark(p), "is_visible_on_front": 0},
	}
	if p.Number != "" {
		body["tracks"] = []map[string]any{{"track_number": p.Number, "title": s.title(p), "carrier_code": s.code(p)}}
	}
	if s.config.Source != "" {
		body["arguments"] = map[string]any{"extension_attributes": map[string]any{"source_code": s.config.Source}}
	}
	var id text // a number in some versions, a string in others
	_, err := s.do(ctx, rest.Call{Method: "POST", Path: shipPath, Vars: rest.Vars{"id": o.Ref.ID}, Body: body, Out: &id})
	if err == nil && !isID(string(id)) {
		err = fail("ship", mip.ErrUnknown, "the answer does not show what was shipped")
	}
	if err != nil && mip.KindOf(err) != mip.ErrInvalid {
		return nil, err
	}
	all, readErr := s.shipments(ctx, o.Ref.ID)
	made := func(sh shipment) bool {
		return id != "" && sh.ID == id || sh.holds(p) || p.Number != "" && sh.numbered(p.Number)
	}
	switch there := slices.ContainsFunc(all, made); {
	case readErr != nil:
		return nil, readErr
	case there:
		return all, nil
	case err != nil:
		return nil, &mip.Error{Op: "magento: report", Kind: mip.ErrRefused, Err: err}
	}
	return nil, fail("ship", mip.ErrUnknown, "the shop does not show the shipment that it made")
}

// addTrack adds a number to a shipment that is there. The customer gets no
// e-mail of it.
func (s *Shop) addTrack(ctx context.Context, o *order, shipment text, p mip.Parcel) error {
	var done struct {
		ID text `json:"entity_id"`
	}
	_, err := s.do(ctx, rest.Call{Method: "POST", Path: "/shipment/track", Out: &done, Body: map[string]any{"entity": map[string]any{
		"order_id": number(o.Ref.ID), "parent_id": number(string(shipment)), "track_number": p.Number,
		"title": s.title(p), "carrier_code": s.code(p), "description": mark(p), "weight": 0, "qty": 0,
	}}})
	switch {
	case mip.KindOf(err) == mip.ErrInvalid:
		return &mip.Error{Op: "magento: report", Kind: mip.ErrRefused, Err: err}
	case err == nil && !isID(string(done.ID)):
		return fail("track", mip.ErrUnknown, "the answer does not show what was written")
	}
	return err
}

// dropTrack removes a number that was corrected.
func (s *Shop) dropTrack(ctx context.Context, id text) error {
	var done *bool
	_, err := s.do(ctx, rest.Call{Method: "DELETE", Path: "/shipment/track/{id}", Vars: rest.Vars{"id": string(id)}, Out: &done})
	if err == nil && (done == nil || !*done) {
		err = fail("track", mip.ErrUnknown, "the answer does not show what was done")
	}
	return err
}

// title is the carrier's name as the shop shows it; Magento wants one.
func (s *Shop) title(p mip.Parcel) string {
	if p.Carrier != "" {
		return p.Carrier
	}
	return "Parcel"
}

func (s *Shop) code(p mip.Parcel) string {
	if s.config.CarrierCode != nil {
		if code := s.config.CarrierCode(p.Carrier); code != "" {
			return code
		}
	}
	return "custom"
}

// number writes an id as the JSON number that Magento wants.
func number(id string) json.Number { return json.Number(id) }
