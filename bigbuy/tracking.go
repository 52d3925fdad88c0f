package bigbuy

import (
	"context"
	"errors"
	"net/http"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	pathTrackingCarriers = "tracking/carriers.json"
	pathTrackingOrder    = "tracking/order/{id}.json"
	pathTrackingOrders   = "tracking/orders.json"
)

// OrderTracking is the tracking of one order.
type OrderTracking struct {
	ID        Text                `json:"id"`
	Reference Text                `json:"reference"` // ours or BigBuy's own number
	Trackings List[TrackingEvent] `json:"trackings"`
}

// TrackingEvent is one piece of a carrier's news.
type TrackingEvent struct {
	Number      Text         `json:"trackingNumber"`
	Description Text         `json:"statusDescription"`
	Translated  Text         `json:"descriptionTranslated"`
	Date        Text         `json:"statusDate"` // "2026-01-07 11:35:40", no zone told
	Carrier     Maybe[Named] `json:"carrier"`    // often without a name: see [Client.TrackingCarriers]
}

// Tracking returns the tracking of one order; none while there is none.
func (c *Client) Tracking(ctx context.Context, id string) ([]OrderTracking, error) {
	var out List[OrderTracking]
	err := c.rest.Do(ctx, rest.Call{Path: pathTrackingOrder, Vars: rest.Vars{"id": id}, Out: &out, MayBeEmpty: true})
	return out, noneYet(err)
}

// Trackings returns the tracking of many orders. Orders without any are
// missing; match by id. How many ids BigBuy takes at once is not known.
func (c *Client) Trackings(ctx context.Context, ids []string) ([]OrderTracking, error) {
	type id struct {
		ID string `json:"id"`
	}
	var body struct {
		Track struct {
			Orders []id `json:"orders"`
		} `json:"track"`
	}
	for _, s := range ids {
		body.Track.Orders = append(body.Track.Orders, id{s})
	}
	var out List[OrderTracking]
	err := c.rest.Do(ctx, rest.Call{Method: http.MethodPost, Path: pathTrackingOrders, Body: body, Out: &out,
		Access: rest.Read, MayBeEmpty: true})
	return out, noneYet(err)
}

// TrackingCarriers returns the names of the carriers in tracking by id.
func (c *Client) TrackingCarriers(ctx context.Context) ([]Named, error) {
	var out List[Named]
	err := c.get(ctx, pathTrackingCarriers, nil, &out)
	return out, err
}

// noneYet: 404 is BigBuy's word for an order that has no tracking yet.
func noneYet(err error) error {
	if errors.Is(err, mip.ErrNotFound) {
		return nil
	}
	return err
}
