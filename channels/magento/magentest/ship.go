package magentest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// integer takes JSON numbers and numbers written as text, as Magento does.
type integer int64

func (n *integer) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64)
	*n = integer(v)
	return err
}

type wireTrack struct {
	ID          integer `json:"entity_id"`
	Order       integer `json:"order_id"`
	Parent      integer `json:"parent_id"`
	Number      string  `json:"track_number"`
	Title       string  `json:"title"`
	CarrierCode string  `json:"carrier_code"`
	Description string  `json:"description"`
}

func (t wireTrack) track(id int64) Track {
	return Track{ID: id, Number: t.Number, Title: t.Title, CarrierCode: t.CarrierCode, Description: t.Description}
}

type wireShipment struct {
	Items []struct {
		ID       integer     `json:"order_item_id"`
		Quantity json.Number `json:"qty"`
	} `json:"items"`
	Notify  bool `json:"notify"`
	Comment struct {
		Comment string  `json:"comment"`
		Visible integer `json:"is_visible_on_front"`
	} `json:"comment"`
	Tracks    []wireTrack `json:"tracks"`
	Arguments struct {
		More struct {
			Source string `json:"source_code"`
		} `json:"extension_attributes"`
	} `json:"arguments"`
}

// ship is POST /order/{id}/ship. It is not idempotent: as long as pieces are
// left, every call makes a shipment, and more pieces than are left are cut.
func (c *call) ship() {
	o, ok := c.order()
	var in wireShipment
	if !ok || !c.decode(&in) {
		return
	}
	pieces, wrong := o.packed(in)
	switch {
	case slices.Contains([]string{"holded", "payment_review", "canceled"}, o.State) || o.virtual():
		wrong = "A shipment cannot be created when an order has a status of " + o.Status
	case !o.canShip():
		wrong = "The order does not allow a shipment to be created."
	case wrong == "" && len(pieces) == 0:
		wrong = "You can't create a shipment without products."
	case len(c.cfg.Sources) > 1 && !slices.Contains(c.cfg.Sources, in.Arguments.More.Source):
		wrong = "Not all of your products are available in the requested quantity."
	}
	sh := Shipment{Items: pieces, Notified: in.Notify, Source: in.Arguments.More.Source}
	for _, t := range in.Tracks {
		if t.Number == "" {
			wrong = "Please enter a tracking number."
		}
		if t.Title == "" || t.CarrierCode == "" {
			c.refuse(refusal(http.StatusBadRequest, `"%fieldName" is required. Enter and try again.`, map[string]string{"fieldName": "title"}))
			return
		}
		t.Description = "" // there is no such field here
		sh.Tracks = append(sh.Tracks, t.track(c.newID()))
	}
	if wrong != "" {
		c.refuse(refusal(http.StatusBadRequest, "Shipment Document Validation Error(s):\n"+wrong, nil))
		return
	}
	if in.Comment.Comment != "" {
		sh.Comments = []Comment{{ID: c.newID(), Text: in.Comment.Comment, Visible: in.Comment.Visible != 0}}
	}
	id := c.register(o, sh)
	if c.cfg.TextIDs {
		c.json(http.StatusOK, strconv.FormatInt(id, 10))
		return
	}
	c.json(http.StatusOK, id)
}

// packed is how many pieces of each item leave: what is asked for as far as it
// is there, and everything if nothing is asked for. What does not ship by
// itself is passed over.
func (o *Order) packed(in wireShipment) (pieces map[int64]int, wrong string) {
	asked := map[int64]int{}
	for _, it := range in.Items {
		n, err := it.Quantity.Int64()
		if err != nil {
			n = dec(string(it.Quantity)).IntPart()
		}
		asked[int64(it.ID)] = int(n)
		if !slices.ContainsFunc(o.Items, func(i Item) bool { return i.ID == int64(it.ID) }) {
			wrong = "The shipment contains product item that is not part of the original order."
		}
	}
	pieces = map[int64]int{}
	for at, it := range o.Items {
		n := min(asked[it.ID], it.toShip())
		if len(in.Items) == 0 {
			n = it.toShip()
		}
		if n > 0 && !it.Virtual && !o.dummy(at) {
			pieces[it.ID] = n
		}
	}
	return pieces, wrong
}

// eachShipment calls f with every shipment, by order and age.
func (c *call) eachShipment(f func(*Order, *Shipment)) {
	for _, o := range c.orders {
		for i := range o.Shipments {
			f(o, &o.Shipments[i])
		}
	}
}

func (c *call) listShipments() {
	var rows []row
	c.eachShipment(func(o *Order, s *Shipment) {
		rows = append(rows, row{map[string]string{"entity_id": strconv.FormatInt(s.ID, 10), "order_id": strconv.FormatInt(o.ID, 10),
			"created_at": stamp(s.Created)}, func() object { return o.renderShipment(*s) }})
	})
	c.search(rows)
}

func (c *call) getShipment() {
	var found any
	c.eachShipment(func(o *Order, s *Shipment) {
		if s.ID == c.id {
			found = o.renderShipment(*s)
		}
	})
	if found == nil {
		c.refuse(refusal(http.StatusNotFound, noEntity, nil))
		return
	}
	c.json(http.StatusOK, found)
}

// saveTrack is POST /shipment/track. It does not move the order's time of
// change, and is not idempotent either.
func (c *call) saveTrack() {
	var in struct {
		Entity wireTrack `json:"entity"`
	}
	if !c.decode(&in) {
		return
	}
	t := in.Entity
	done := false
	c.eachShipment(func(o *Order, s *Shipment) {
		if s.ID == int64(t.Parent) && o.ID == int64(t.Order) && t.Number != "" && t.CarrierCode != "" {
			t.ID = integer(c.newID())
			s.Tracks = append(s.Tracks, t.track(int64(t.ID)))
			done = true
		}
	})
	if !done {
		c.refuse(refusal(http.StatusBadRequest, "Could not save the shipment tracking.", nil))
		return
	}
	c.json(http.StatusOK, object{"entity_id": t.ID, "order_id": t.Order, "parent_id": t.Parent, "track_number": t.Number, "title": t.Title,
		"carrier_code": t.CarrierCode, "description": t.Description})
}

// deleteTrack is DELETE /shipment/track/{id}; what is not there is deleted too.
func (c *call) deleteTrack() {
	c.eachShipment(func(_ *Order, s *Shipment) {
		s.Tracks = slices.DeleteFunc(s.Tracks, func(t Track) bool { return t.ID == c.id })
	})
	c.json(http.StatusOK, true)
}
