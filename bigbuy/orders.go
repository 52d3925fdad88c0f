package bigbuy

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	pathCheck       = "order/check.json"
	pathCheckMulti  = "order/check/multishipping.json"
	pathCreate      = "order/create.json"
	pathCreateMulti = "order/create/multishipping.json"
	pathOrder       = "order/{id}.json"
	pathReference   = "order/reference/{reference}.json"
	pathStatuses    = "order/orderstatuses.json"
	pathNotes       = "order/delivery-notes/{id}.json"
	pathInvoice     = "order/upload_invoice.json"
)

type envelope struct {
	Order OrderRequest `json:"order"`
}

// Check asks what an order from one warehouse would cost. Several warehouses
// are an [*Error] with Warehouses: use [Client.CheckMulti].
func (c *Client) Check(ctx context.Context, o OrderRequest) (Totals, error) {
	var out Totals
	err := c.ask(ctx, pathCheck, envelope{o}, &out)
	if err == nil && out.Total.Currency() == "" {
		err = unreadable(rest.Call{Method: http.MethodPost, Path: pathCheck}, mip.ErrContract, "no total")
	}
	return out, err
}

// CheckMulti asks what an order from any number of warehouses would cost. It
// buys as a whole only if Errors is empty.
func (c *Client) CheckMulti(ctx context.Context, o OrderRequest) (Checked, error) {
	var out Checked
	call := rest.Call{Method: http.MethodPost, Path: pathCheckMulti, Body: envelope{o}, Access: rest.Read}
	if err := c.split(ctx, call, &out); err != nil {
		return Checked{}, err
	}
	if len(out.Orders)+len(out.Errors) == 0 {
		return out, unreadable(call, mip.ErrContract, "neither orders nor errors")
	}
	settle(out.Errors, false)
	return out, nil
}

// Create buys an order from one warehouse and returns its id.
// [mip.ErrUnknown]: perhaps bought; look the reference up.
func (c *Client) Create(ctx context.Context, o OrderRequest) (id string, err error) {
	var reply rest.Response
	call := rest.Call{Method: http.MethodPost, Path: pathCreate, Body: envelope{o}, Reply: &reply, MayBeEmpty: true}
	if err := c.rest.Do(ctx, call); err != nil {
		return "", err
	}
	var out Maybe[struct {
		OrderID Text `json:"order_id"`
		ID      Text `json:"id"`
	}]
	_ = reply.Decode(&out) // the header may do
	for _, id := range []string{string(out.Value.OrderID), string(out.Value.ID), lastSegment(reply.Header.Get("Location"))} {
		if id != "" {
			return id, nil
		}
	}
	return "", unreadable(call, mip.ErrUnknown, "no order id")
}

// CreateMulti buys an order from any number of warehouses: one BigBuy order
// each, all with the same reference. The answer is not all or nothing; Orders
// and Errors may both be filled. [mip.ErrUnknown]: perhaps bought; look the
// reference up.
func (c *Client) CreateMulti(ctx context.Context, o OrderRequest) (Created, error) {
	var out Created
	call := rest.Call{Method: http.MethodPost, Path: pathCreateMulti, Body: envelope{o}}
	if err := c.split(ctx, call, &out); err != nil {
		return Created{}, err
	}
	settle(out.Errors, true)
	for _, part := range out.Orders {
		if part.Number() == "" {
			return out, unreadable(call, mip.ErrUnknown, "an order without an id")
		}
	}
	if len(out.Orders)+len(out.Errors) == 0 {
		return out, unreadable(call, mip.ErrUnknown, "neither orders nor errors")
	}
	return out, nil
}

// split makes a multishipping call. An answer with parts counts whatever its
// status is, since BigBuy does not say which one comes with failed parts.
func (c *Client) split(ctx context.Context, call rest.Call, out any) error {
	var reply rest.Response
	call.Out, call.Reply = out, &reply
	err := c.rest.Do(ctx, call)
	if err == nil {
		return nil
	}
	if hasParts(reply.Body) && reply.Decode(out) == nil {
		return nil
	}
	return err
}

func hasParts(body []byte) bool {
	var parts struct {
		Orders json.RawMessage       `json:"orders"`
		Errors List[json.RawMessage] `json:"errors"`
	}
	if rest.Decode(body, &parts) != nil || parts.Orders == nil {
		return false
	}
	return len(parts.Errors) > 0 || !void(parts.Orders)
}

// Order returns one order by BigBuy's id. The delivery address in the answer
// is not read.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	var out Order
	err := c.get(ctx, pathOrder, rest.Vars{"id": id}, &out)
	if err == nil && out.ID == "" {
		err = unreadable(rest.Call{Path: pathOrder}, mip.ErrContract, "no order id")
	}
	return out, err
}

// OrderByReference returns id and total of the order with this
// internalReference; of several (one per warehouse) only one. The sandbox
// answers an unknown reference with [mip.ErrUnavailable].
func (c *Client) OrderByReference(ctx context.Context, reference string) (OrderTotal, error) {
	var out OrderTotal
	err := c.get(ctx, pathReference, rest.Vars{"reference": reference}, &out)
	if err == nil && out.ID == "" {
		err = unreadable(rest.Call{Path: pathReference}, mip.ErrContract, "no order id")
	}
	return out, err
}

// OrderStatuses returns ids and names of BigBuy's order statuses.
func (c *Client) OrderStatuses(ctx context.Context) ([]Named, error) {
	var out List[Named]
	err := c.get(ctx, pathStatuses, nil, &out)
	return out, err
}

// DeliveryNotes returns the delivery notes of an order by its id.
func (c *Client) DeliveryNotes(ctx context.Context, id string) ([]DeliveryNote, error) {
	var out List[DeliveryNote]
	err := c.get(ctx, pathNotes, rest.Vars{"id": id}, &out)
	return out, err
}

// UploadInvoice hands in the sale invoice of an export order, which BigBuy
// takes in the status "PENDING INVOICE" only.
func (c *Client) UploadInvoice(ctx context.Context, in Invoice) error {
	var out List[Flag]
	call := rest.Call{Method: http.MethodPost, Path: pathInvoice, Body: map[string]any{"invoice": in.wire()}, Out: &out}
	if err := c.rest.Do(ctx, call); err != nil {
		return err
	}
	if len(out) == 0 || !out[0] {
		return unreadable(call, mip.ErrUnknown, "not acknowledged")
	}
	return nil
}

// settle gives the errors of parts their kinds.
func settle(parts List[*Error], write bool) {
	for _, e := range parts {
		e.kind = e.classify(write)
	}
}

func unreadable(call rest.Call, kind error, why string) error {
	return &mip.Error{Op: "bigbuy: " + call.Name(), Kind: kind, Err: errors.New(why)}
}

// lastSegment returns the id at the end of /rest/order/<id>, with or without
// ".json".
func lastSegment(location string) string {
	at := strings.LastIndex(location, "/order/")
	if at < 0 {
		return ""
	}
	id := strings.TrimSuffix(location[at+len("/order/"):], ".json")
	if strings.ContainsFunc(id, func(r rune) bool { return r < '0' || r > '9' }) {
		return ""
	}
	return id
}
