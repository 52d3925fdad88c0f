package shopify

import (
	"strings"
)

// list is a connection; what is behind its first page is asked for.
type list[T any] struct {
	Page  pageInfo `json:"pageInfo"`
	Nodes []T      `json:"nodes"`
}

type pageInfo struct {
	More bool   `json:"hasNextPage"`
	End  string `json:"endCursor"`
}

// rest reads all further pages. A page that leads to itself is
// [mip.ErrContract] rather than a loop without end.
func (l *list[T]) rest(op string, fetch func(after string) (*list[T], error)) error {
	for l.Page.More {
		next, err := fetch(l.Page.End)
		switch {
		case err != nil:
			return err
		case next == nil || next.Page.More && next.Page.End == l.Page.End:
			return contract(op)
		}
		l.Nodes, l.Page = append(l.Nodes, next.Nodes...), next.Page
	}
	return nil
}

// wireOrder is the part of an order that is read. Texts are empty where the
// shop says null.
type wireOrder struct {
	ID               string             `json:"id"`
	Name             string             `json:"name"`
	Created          string             `json:"createdAt"`
	Updated          string             `json:"updatedAt"`
	Cancelled        string             `json:"cancelledAt"`
	Closed           string             `json:"closedAt"`
	Test             bool               `json:"test"`
	RequiresShipping bool               `json:"requiresShipping"`
	TaxesIncluded    bool               `json:"taxesIncluded"`
	Currency         string             `json:"currencyCode"`
	Financial        string             `json:"displayFinancialStatus"`
	Fulfillment      string             `json:"displayFulfillmentStatus"`
	Email            string             `json:"email"`
	Phone            string             `json:"phone"`
	Note             string             `json:"note"`
	Total            wireMoney          `json:"totalPriceSet"`
	ShipTo           *wireAddress       `json:"shippingAddress"`
	Shipping         list[wireShipping] `json:"shippingLines"`
	Routes           *list[wireRoute]   `json:"fulfillmentOrders"`
	Lines            *list[wireLine]    `json:"lineItems"`
}

// wireMoney is an amount as text, in the shop's currency.
type wireMoney struct {
	Shop struct {
		Amount   string `json:"amount"`
		Currency string `json:"currencyCode"`
	} `json:"shopMoney"`
}

type wireAddress struct {
	FirstName    string `json:"firstName"`
	LastName     string `json:"lastName"`
	Company      string `json:"company"`
	Address1     string `json:"address1"`
	Address2     string `json:"address2"`
	City         string `json:"city"`
	Province     string `json:"province"`
	ProvinceCode string `json:"provinceCode"`
	Zip          string `json:"zip"`
	Country      string `json:"countryCodeV2"`
	Phone        string `json:"phone"`
}

type wireShipping struct {
	Title   string    `json:"title"`
	Removed bool      `json:"isRemoved"`
	Price   wireMoney `json:"discountedPriceSet"`
	Taxes   []wireTax `json:"taxLines"`
}

type wireTax struct {
	Price wireMoney `json:"priceSet"`
}

// wireRoute is a fulfillment order as far as it says whether to ship.
type wireRoute struct {
	Status  string       `json:"status"`
	Updated string       `json:"updatedAt"`
	Actions []wireAction `json:"supportedActions"`
}

type wireAction struct {
	Action string `json:"action"`
}

// shippable: open, and ours to ship.
func shippable(status string, actions []wireAction) bool {
	if status != "OPEN" && status != "IN_PROGRESS" {
		return false
	}
	for _, a := range actions {
		if a.Action == "CREATE_FULFILLMENT" {
			return true
		}
	}
	return false
}

type wireLine struct {
	ID               string    `json:"id"`
	Title            string    `json:"title"`
	Variant          string    `json:"variantTitle"`
	SKU              string    `json:"sku"`
	Quantity         int       `json:"quantity"`
	Current          int       `json:"currentQuantity"`     // after edits and refunds
	Unfulfilled      int       `json:"unfulfilledQuantity"` // of Current, what has not left
	RequiresShipping bool      `json:"requiresShipping"`
	Original         wireMoney `json:"originalTotalSet"` // all pieces, before discounts
	Discounts        []struct {
		Amount wireMoney `json:"allocatedAmountSet"`
	} `json:"discountAllocations"`
	Taxes []wireTax `json:"taxLines"`
}

// gid is Shopify's global id.
func gid(kind, id string) string { return "gid://shopify/" + kind + "/" + id }

// tail is the number in a global id of the kind, empty if there is none.
func tail(kind, id string) string {
	n, ok := strings.CutPrefix(id, gid(kind, ""))
	n, _, _ = strings.Cut(n, "?")
	if !ok || !number(n) {
		return ""
	}
	return n
}

func number(id string) bool {
	return id != "" && len(id) <= 20 && strings.Trim(id, "0123456789") == ""
}
