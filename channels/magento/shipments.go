package magento

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// shipment is one of an order's, as far as it is read.
type shipment struct {
	ID       text                      `json:"entity_id"`
	Order    text                      `json:"order_id"`
	Tracks   part[[]part[track]]       `json:"tracks"`
	Comments part[[]part[wireComment]] `json:"comments"`
}

type track struct {
	ID     text `json:"entity_id"`
	Number text `json:"track_number"`
	Title  text `json:"title"`
	// Note is where a number added later keeps the parcel's id; those made
	// with their shipment cannot have one.
	Note text `json:"description"`
}

// shipItem is pieces of one order item.
type shipItem struct {
	ID       json.Number `json:"order_item_id"`
	Quantity int         `json:"qty"`
}

// mark is by what a parcel is known again when its number has changed: a
// comment of its shipment that customers do not see, or a track's description.
func mark(p mip.Parcel) string { return "OpenMIP parcel " + p.ID }

// holds reports whether the shipment was made for this parcel.
func (s shipment) holds(p mip.Parcel) bool {
	return p.ID != "" && slices.ContainsFunc(s.Comments.V, func(c part[wireComment]) bool { return string(c.V.Comment) == mark(p) })
}

// numbered reports whether the shipment shows a tracking number.
func (s shipment) numbered(number string) bool {
	return slices.ContainsFunc(s.Tracks.V, func(t part[track]) bool { return string(t.V.Number) == number })
}

// of reports whether a track was written for this parcel.
func (t track) of(p mip.Parcel, in shipment) bool {
	if strings.HasPrefix(string(t.Note), mark(mip.Parcel{})) {
		return string(t.Note) == mark(p)
	}
	return in.holds(p) && t.Note == ""
}

// shipments reads all of an order's, oldest first.
func (s *Shop) shipments(ctx context.Context, id string) ([]shipment, error) {
	contract := func(why string) error {
		return &mip.Error{Op: "magento: GET /shipments", Kind: mip.ErrContract, Err: errors.New(why)}
	}
	var out []shipment
	for last := "0"; ; {
		rows, total, err := list[shipment](ctx, s, "/shipments", search{size: 100, sort: []string{"entity_id"},
			all: []oneOf{{{"order_id", "eq", id}}, {{"entity_id", "gt", last}}}})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			sh := row.V
			if row.Err != nil || !isID(string(sh.ID)) || string(sh.Order) != id || sh.Tracks.Bad || sh.Comments.Bad {
				return nil, contract("a shipment that cannot be read")
			}
			out = append(out, sh)
		}
		if total <= len(rows) {
			return out, nil
		}
		if next := string(out[len(out)-1].ID); next != last {
			last = next
			continue
		}
		return nil, contract("the next page is the same page")
	}
}

// take removes a parcel's pieces from what is left: those it names, by line or
// by SKU, or everything.
func (o *order) take(left map[string]int, p mip.Parcel) []shipItem {
	named, all := slices.Clone(p.Items), len(p.Items) == 0
	var out []shipItem
	for _, l := range o.Lines {
		n := 0
		for i, it := range named {
			if it.LineID == l.ID || it.LineID == "" && it.SKU != "" && it.SKU == l.SKU {
				some := max(0, min(it.Quantity, left[l.ID]-n))
				named[i].Quantity -= some
				n += some
			}
		}
		if all {
			n = left[l.ID]
		}
		if n <= 0 || !isID(l.ID) {
			continue
		}
		left[l.ID] -= n
		out = append(out, shipItem{json.Number(l.ID), n})
	}
	return out
}
