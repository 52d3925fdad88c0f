package bigbuytest

import (
	"net/http"
	"strconv"
)

// The business codes of BigBuy's order endpoints. There is no ER006.
const (
	ER001 = "ER001" // products not found
	ER002 = "ER002" // a product with attributes: order a variation's SKU
	ER003 = "ER003" // no stock
	ER004 = "ER004" // postcode format
	ER005 = "ER005" // too little money in the purse
	ER007 = "ER007" // minimum order not reached
	ER008 = "ER008" // internal reference already used
	ER009 = "ER009" // could not be placed, try later
	ER010 = "ER010" // no carriers
	ER011 = "ER011" // payment not valid
	ER012 = "ER012" // minimum for bank transfer not reached
	ER013 = "ER013" // no export to this destination
	ER014 = "ER014" // the account's pack does not allow orders by API
)

func infoOf(code string) string {
	switch code {
	case ER001:
		return "Products not found."
	case ER002:
		return "Incorrect reference. The product has attributes."
	case ER003:
		return "Products have no stock."
	case ER004:
		return "The postcode format is not correct."
	case ER005:
		return "There is not enough money in the money box."
	case ER007:
		return "The order does not reach the minimum purchase."
	case ER008:
		return "The internal reference is already used."
	case ER009:
		return "The order could not be placed. Try it again later."
	case ER010:
		return "There are no carriers for this order."
	case ER011:
		return "The payment method is not valid."
	case ER012:
		return "The order does not reach the minimum for bank transfer."
	case ER013:
		return "Products can not be exported to this destination."
	case ER014:
		return "The pack does not allow orders by API."
	}
	return "Products error."
}

type (
	messageBody struct {
		Message string `json:"message"`
	}
	codeBody struct {
		Code        any    `json:"code"`
		Message     string `json:"message"`
		ErrorDetail any    `json:"error_detail,omitempty"`
	}
	infoBody struct {
		Info string `json:"info"`
		Data any    `json:"data"`
	}
	skusBody struct {
		SKUs []string `json:"skus"`
	}
)

// codeReply is {"code":status,"message":message}.
func codeReply(status int, message string) reply {
	return jsonReply(status, codeBody{Code: status, Message: message})
}

// badRequest is what unknown routes and unreadable bodies get.
func badRequest() reply { return codeReply(http.StatusBadRequest, "Bad request") }

func tooMany() reply {
	return rawReply(http.StatusTooManyRequests, typeHTML, "You exceeded the rate limit")
}

func internalError() reply {
	return codeReply(http.StatusInternalServerError, "An error has occurred. Please try again later.")
}

// refusal is a business reason why an order, or a part of it, is not made.
type refusal struct {
	code string // "ER003"; empty for inactive products, which have none
	data any
	skus []string // products it is about; empty = all of the part
}

type productProblem struct {
	SKU     string `json:"sku"`
	Message string `json:"message"`
}

const inactiveText = "Inactive product."

// reply is the refusal of a whole request: 409 with JSON inside a string.
func (r *refusal) reply(sw Switches) reply {
	if sw.PlainNotFound && r.code == ER001 {
		return codeReply(http.StatusNotFound, "No products found")
	}
	if sw.PlainNotFound && r.code == ER010 {
		return codeReply(http.StatusNotFound, "No carriers found")
	}
	inner := string(phpJSON(infoBody{infoOf(r.code), r.payload()}))
	var code any = r.code
	if r.code == "" {
		code = http.StatusConflict
	}
	return jsonReply(http.StatusConflict, codeBody{Code: code, Message: inner})
}

// payload is the refusal's data. Without any it is PHP's empty array.
func (r *refusal) payload() any {
	switch {
	case r.code == "":
		var out []productProblem
		for _, sku := range r.skus {
			out = append(out, productProblem{sku, inactiveText})
		}
		return out
	case r.data != nil:
		return r.data
	case len(r.skus) > 0:
		return skusBody{r.skus}
	}
	return []string{}
}

// flatError is a refusal inside the answer of a multishipping call.
type flatError struct {
	Status    int      `json:"status"`
	Code      string   `json:"code"`
	Message   string   `json:"message"`
	SKUs      []string `json:"productReferences,omitempty"`
	Warehouse int      `json:"warehouse,omitempty"`
}

// flat is the refusal of one part; warehouse 0 = of none.
func (r *refusal) flat(warehouse int, skus []string) flatError {
	e := flatError{http.StatusConflict, r.code, infoOf(r.code), skus, warehouse}
	if r.code == "" {
		e.Code, e.Message = strconv.Itoa(http.StatusConflict), inactiveText
	}
	return e
}

// Refusal is the error of [Server.PlaceByHand]: why nothing, or not all of
// it, was bought.
type Refusal struct {
	Code    string   // "ER003"; "400" for a form that was filled in wrongly
	Message string   // BigBuy's words
	SKUs    []string // products it is about, where known
}

// Error implements error.
func (r *Refusal) Error() string { return "bigbuytest: refused: " + r.Code + ": " + r.Message }
