package bigbuy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
)

// variant is one error body with what must come of it.
type variant struct {
	name   string
	status int
	body   string
	read   error
	write  error
	want   bigbuy.Error // exported fields; Status 0 = as the variant's
	finds  []mip.Finding
}

func er(code, data string) string {
	return fmt.Sprintf(`{"code":%q,"message":"{\"info\":\"…\",\"data\":%s}"}`, code, strings.ReplaceAll(data, `"`, `\"`))
}

func blocking(code, path string, params ...string) mip.Finding {
	f := mip.Finding{Code: code, Path: path, Severity: mip.Blocking, Params: map[string]string{}}
	for i := 0; i < len(params); i += 2 {
		f.Params[params[i]] = params[i+1]
	}
	return f
}

func clearing(code, path string, params ...string) mip.Finding {
	f := blocking(code, path, params...)
	f.AutoClear = true
	return f
}

const tree = `{"code":400,"message":"Validation Failed","errors":{"children":{
  "internalReference":[],"cashOnDelivery":[],"language":[],"paymentMethod":[],
  "shippingAddress":{"children":{"firstName":[],"lastName":{"errors":["This value is too long."]},"country":[],
    "postcode":{"errors":["Invalid postcode format. Valid format for the selected country is 'NNNNN'."]},"town":[],
    "address":{"errors":["This value is too long. It should have 70 characters or less."]},
    "phone":{"errors":["This value should not be blank."]},"email":[],"comment":[],"vatNumber":[],"companyName":[]}},
  "carriers":{"children":[{"children":{"id":[],"name":{"errors":["This value is not valid."]}}}]},"products":[],"dateAdd":[]},
  "errors":["This form should not contain extra fields."]}}`

const dumped = `{"code":400,"message":"shippingAddress:\n    address:\n        ERROR: This value is too long. It should have 70 characters or less.\n    lastName:\n        ERROR: This value is too long.\n","errors":[]}`

func variants() []variant {
	invalid, refused, unknown, unavailable := mip.ErrInvalid, mip.ErrRefused, mip.ErrUnknown, mip.ErrUnavailable
	return []variant{
		{"A: products not found", 409, er("ER001", `{"skus":["S0000001"]}`), refused, refused,
			bigbuy.Error{Code: "ER001", SKUs: []string{"S0000001"}},
			[]mip.Finding{blocking("product.not_found", "lines", "supplierCode", "ER001", "skus", "S0000001")}},
		{"A: variation required", 409, er("ER002", `{"skus":["S0000001"]}`), refused, refused,
			bigbuy.Error{Code: "ER002", SKUs: []string{"S0000001"}},
			[]mip.Finding{blocking("product.variation_required", "lines", "supplierCode", "ER002", "skus", "S0000001")}},
		{"A: no stock, from the documentation", 409,
			`{"code":"ER003","message":"{\"info\":\"Products have no stock.\",\"data\":{\"skus\":[\"S0000001\",\"V0000002\"]}}"}`, refused, refused,
			bigbuy.Error{Code: "ER003", SKUs: []string{"S0000001", "V0000002"}},
			[]mip.Finding{clearing("stock.out_of_stock", "lines", "supplierCode", "ER003", "skus", "S0000001,V0000002")}},
		{"A: postcode", 409, er("ER004", `{"zipExample":"1234-567"}`), refused, refused,
			bigbuy.Error{Code: "ER004", ZipExample: "1234-567"},
			[]mip.Finding{blocking("address.postcode_format", "shipTo.postcode", "supplierCode", "ER004", "zipExample", "1234-567")}},
		{"A: money, with binary noise", 409, er("ER005", `{"moneyBoxAmount":5.10,"totalOrder":9.809999999999999}`), mip.ErrUnfunded, mip.ErrUnfunded,
			bigbuy.Error{Code: "ER005", Balance: mip.EUR(5_10), Total: mip.EUR(9_81)},
			[]mip.Finding{clearing("wallet.insufficient_funds", "", "supplierCode", "ER005", "moneyBoxAmount", "5.10", "totalOrder", "9.81", "currency", "EUR")}},
		{"A: money as text", 409, er("ER005", `{"moneyBoxAmount":"0.00","totalOrder":"12.30"}`), mip.ErrUnfunded, mip.ErrUnfunded,
			bigbuy.Error{Code: "ER005", Balance: mip.EUR(0), Total: mip.EUR(12_30)},
			[]mip.Finding{clearing("wallet.insufficient_funds", "", "supplierCode", "ER005", "moneyBoxAmount", "0.00", "totalOrder", "12.30", "currency", "EUR")}},
		{"A: minimum, with their typo", 409, er("ER007", `{"minimunPurchase":20,"totalOrder":7.5}`), refused, refused,
			bigbuy.Error{Code: "ER007", Minimum: mip.EUR(20_00), Total: mip.EUR(7_50)},
			[]mip.Finding{blocking("order.below_minimum", "lines", "supplierCode", "ER007", "minimum", "20.00", "totalOrder", "7.50", "currency", "EUR")}},
		{"A: exists, id as number", 409, er("ER008", `{"orderId":15000001}`), mip.ErrConflict, mip.ErrConflict,
			bigbuy.Error{Code: "ER008", OrderID: "15000001"},
			[]mip.Finding{blocking("order.already_exists", "reference", "supplierCode", "ER008", "orderId", "15000001")}},
		{"A: try later, no data", 409, er("ER009", `[]`), unavailable, unknown, bigbuy.Error{Code: "ER009"}, nil},
		{"A: no carrier, as some write it", 409, er("ER0010", `[]`), refused, refused, bigbuy.Error{Code: "ER010"},
			[]mip.Finding{blocking("shipping.no_carrier", "shipping", "supplierCode", "ER010")}},
		{"A: payment", 409, er("ER011", `null`), refused, refused, bigbuy.Error{Code: "ER011"},
			[]mip.Finding{blocking("payment.method_invalid", "payment", "supplierCode", "ER011")}},
		{"A: bank wire", 409, er("ER012", `{"minBankwire":"150.00"}`), refused, refused, bigbuy.Error{Code: "ER012", Minimum: mip.EUR(150_00)},
			[]mip.Finding{blocking("payment.bankwire_minimum", "payment", "supplierCode", "ER012", "minimum", "150.00", "currency", "EUR")}},
		{"A: export, with a plain message", 409, `{"code":"ER013","message":"No export."}`, refused, refused, bigbuy.Error{Code: "ER013", Message: "No export."},
			[]mip.Finding{blocking("export.not_allowed", "shipTo.country", "supplierCode", "ER013")}},
		{"A: pack", 409, er("ER014", `[]`), mip.ErrUnauthorized, mip.ErrUnauthorized, bigbuy.Error{Code: "ER014"},
			[]mip.Finding{blocking("account.pack_insufficient", "", "supplierCode", "ER014")}},
		{"A: a code nobody has seen", 409, er("ER099", `{"x":1}`), refused, refused, bigbuy.Error{Code: "ER099"},
			[]mip.Finding{blocking("supplier.refused", "", "supplierCode", "ER099")}},
		{"A: message as an object", 409, `{"code":"ER003","message":{"info":"x","data":{"skus":"S0000001"}}}`, refused, refused,
			bigbuy.Error{Code: "ER003", SKUs: []string{"S0000001"}},
			[]mip.Finding{clearing("stock.out_of_stock", "lines", "supplierCode", "ER003", "skus", "S0000001")}},
		{"A: refused inside a 200", 200, er("ER003", `{"skus":["S0000001"]}`), refused, refused,
			bigbuy.Error{Status: 200, Soft: true, Code: "ER003", SKUs: []string{"S0000001"}},
			[]mip.Finding{clearing("stock.out_of_stock", "lines", "supplierCode", "ER003", "skus", "S0000001")}},
		{"B: inactive and other products", 409,
			`{"code":409,"message":"{\"info\":\"Products error.\",\"data\":[{\"sku\":\"S0000001\",\"message\":\"Inactive product.\"},{\"sku\":\"S0000002\",\"message\":\"Odd.\"}]}"}`,
			refused, refused,
			bigbuy.Error{Products: []bigbuy.ProductError{{SKU: "S0000001", Reason: "Inactive product."}, {SKU: "S0000002", Reason: "Odd."}}},
			[]mip.Finding{blocking("product.inactive", "lines", "skus", "S0000001"), blocking("product.error", "lines", "skus", "S0000002")}},
		{"C: several warehouses", 409, `{"code":409,"message":"This cart contains products from different warehouses. …",
 "error_detail":{"warehouses":[{"id":1,"references":["S0000001","V0000002"]},{"id":"3","references":["S0000003"]}]}}`, refused, refused,
			bigbuy.Error{Warehouses: []bigbuy.Warehouse{{ID: "1", SKUs: []string{"S0000001", "V0000002"}}, {ID: "3", SKUs: []string{"S0000003"}}}},
			[]mip.Finding{blocking("shipping.multi_warehouse", "lines", "warehouses", "1: S0000001,V0000002; 3: S0000003")}},
		{"D: form tree", 400, tree, invalid, invalid, bigbuy.Error{Fields: []bigbuy.FieldError{
			{Path: "", Message: "This form should not contain extra fields."},
			{Path: "carriers.0.name", Message: "This value is not valid."},
			{Path: "shippingAddress.address", Message: "This value is too long. It should have 70 characters or less."},
			{Path: "shippingAddress.lastName", Message: "This value is too long."},
			{Path: "shippingAddress.phone", Message: "This value should not be blank."},
			{Path: "shippingAddress.postcode", Message: "Invalid postcode format. Valid format for the selected country is 'NNNNN'."},
		}}, []mip.Finding{
			blocking("data.invalid", "", "field", ""),
			blocking("data.invalid", "shipping", "field", "carriers.0.name"),
			blocking("address.too_long", "shipTo.line1", "field", "shippingAddress.address", "limit", "70"),
			blocking("field.too_long", "shipTo.lastName", "field", "shippingAddress.lastName"),
			blocking("contact.phone_missing", "shipTo.phone", "field", "shippingAddress.phone"),
			blocking("address.postcode_format", "shipTo.postcode", "field", "shippingAddress.postcode", "zipExample", "NNNNN"),
		}},
		{"D: text dump", 400, dumped, invalid, invalid, bigbuy.Error{Fields: []bigbuy.FieldError{
			{Path: "shippingAddress.address", Message: "This value is too long. It should have 70 characters or less."},
			{Path: "shippingAddress.lastName", Message: "This value is too long."},
		}}, []mip.Finding{
			blocking("address.too_long", "shipTo.line1", "field", "shippingAddress.address", "limit", "70"),
			blocking("field.too_long", "shipTo.lastName", "field", "shippingAddress.lastName"),
		}},
		{"E: list", 400, `{"errors":[{"code":34,"message":"Wrong."}]}`, invalid, invalid, bigbuy.Error{Code: "34"},
			[]mip.Finding{blocking("data.invalid", "", "supplierCode", "34")}},
		{"F: swapped", 400, `{"code":"Bad request","message":400}`, invalid, unknown, bigbuy.Error{Message: "Bad request"},
			[]mip.Finding{blocking("data.invalid", "")}},
		{"G: bad request", 400, `{"code":400,"message":"Bad request"}`, invalid, invalid, bigbuy.Error{Message: "Bad request"},
			[]mip.Finding{blocking("data.invalid", "")}},
		{"H: wrong key", 401, `{"message":"Invalid Token"}`, mip.ErrUnauthorized, mip.ErrUnauthorized, bigbuy.Error{Message: "Invalid Token"}, nil},
		{"I: no such reference", 404, `{"code":404,"message":"No order found with refOrder: x"}`, mip.ErrNotFound, mip.ErrNotFound, bigbuy.Error{}, nil},
		{"404: no carriers", 404, `{"code":404,"message":"No carriers found"}`, mip.ErrNotFound, mip.ErrNotFound, bigbuy.Error{Message: "No carriers found"},
			[]mip.Finding{blocking("shipping.no_carrier", "shipping")}},
		{"404: no products", 404, `{"code":404,"message":"No products found"}`, mip.ErrNotFound, mip.ErrNotFound, bigbuy.Error{Message: "No products found"},
			[]mip.Finding{blocking("product.not_found", "lines")}},
		{"404: of something else", 404, `{"code":404,"message":"Not Found"}`, mip.ErrNotFound, unknown, bigbuy.Error{Message: "Not Found"}, nil},
		{"404: no route", 404, `{"code":404,"message":"No route found for \"GET /rest/x\""}`, mip.ErrContract, unknown, bigbuy.Error{}, nil},
		{"J: server error", 500, `{"code":500,"message":"An error has occurred. Please try again later. …"}`, unavailable, unknown, bigbuy.Error{}, nil},
		{"K: not available", 500, `{"error":"Information is not available right now. Try it again later"}`, unavailable, unknown, bigbuy.Error{}, nil},
		{"K: inside a 200", 200, `{"error":"Information is not available right now. Try it again later"}`, unavailable, unknown, bigbuy.Error{Status: 200, Soft: true}, nil},
		{"L: error object inside a 200", 200, `{"code":409,"message":"Something went wrong 0123456789abcdef0123456789abcdef"}`, unavailable, unknown,
			bigbuy.Error{Status: 409, Soft: true}, nil},
		{"M: an HTTP answer inside a 200", 200, "HTTP/1.0 500 Internal Server Error\r\nContent-Type: application/json\r\n\r\n{\"error\":\"Information is not available right now. Try it again later\"}",
			unavailable, unknown, bigbuy.Error{Status: 500, Soft: true}, nil},
		{"N: HTML", 500, "<html><h1>Oops! An Error Occurred</h1><h2>The server returned a \"500 Internal Server Error\".</h2></html>", unavailable, unknown, bigbuy.Error{}, nil},
		{"N: HTML inside a 200", 200, "<html><h1>Oops! An Error Occurred</h1></html>", unavailable, unknown, bigbuy.Error{Status: 200, Soft: true}, nil},
		{"N: gateway time-out", 504, "<html><body><h1>504 Gateway Time-out</h1></body></html>", unavailable, unknown, bigbuy.Error{}, nil},
		{"N: no server", 503, "<html><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</html>", unavailable, unknown, bigbuy.Error{}, nil},
		{"N: bad gateway", 502, "Bad Gateway", unavailable, unknown, bigbuy.Error{}, nil},
		{"N: leaked time-out", 500, `Idle timeout reached for "https://www.bigbuy.eu/order/".`, unavailable, unknown, bigbuy.Error{}, nil},
		{"N: leaked payment step", 503, `HTTP/2 503  returned for "https://www.bigbuy.eu/order/payment/1".`, unavailable, unknown, bigbuy.Error{}, nil},
		{"N: HTML with a 404 proves nothing", 404, "<html>not here</html>", unavailable, unknown, bigbuy.Error{}, nil},
		{"O: empty 200", 200, "", unavailable, unknown, bigbuy.Error{Status: 200, Soft: true}, nil},
		{"Q: rate limit", 429, "You exceeded the rate limit", mip.ErrThrottled, mip.ErrThrottled, bigbuy.Error{}, nil},
		{"Q: rate limit as JSON", 409, `{"code":409,"message":"You exceeded the rate limit"}`, mip.ErrThrottled, mip.ErrThrottled, bigbuy.Error{Status: 429}, nil},
		{"a 409 without a meaning", 409, `{"code":409,"message":"Something went wrong"}`, unavailable, unknown, bigbuy.Error{}, nil},
		{"text that is none of these", 200, "hello", mip.ErrContract, unknown, bigbuy.Error{}, nil},
		{"JSON that is none of these", 200, `{"hello":1}`, mip.ErrContract, unknown, bigbuy.Error{}, nil},
		{"nothing usable at all", 200, `null`, mip.ErrContract, unknown, bigbuy.Error{}, nil},
	}
}

func TestErrorBodies(t *testing.T) {
	for _, v := range variants() {
		t.Run(v.name, func(t *testing.T) {
			c := client(t, always(v.status, v.body))
			_, read := c.CheckMulti(t.Context(), bigbuy.OrderRequest{})
			assert.Equal(t, v.read, mip.KindOf(read), "check: %v", read)
			_, single := c.Check(t.Context(), bigbuy.OrderRequest{})
			assert.Equal(t, v.read, mip.KindOf(single), "plain check: %v", single)
			_, write := c.CreateMulti(t.Context(), bigbuy.OrderRequest{})
			assert.Equal(t, v.write, mip.KindOf(write), "create/multishipping: %v", write)
			_, write = c.Create(t.Context(), bigbuy.OrderRequest{})
			assert.Equal(t, v.write, mip.KindOf(write), "create: %v", write)

			e, ok := errors.AsType[*bigbuy.Error](read)
			if !ok {
				assert.Equal(t, mip.ErrContract, v.read, "only what is no error at all has no Error")
				return
			}
			if v.want.Status == 0 {
				v.want.Status = v.status
			}
			assertSame(t, v.want, e)
			if v.finds != nil {
				assert.Equal(t, v.finds, e.Findings())
			}
		})
	}
}

func assertSame(t *testing.T, want bigbuy.Error, got *bigbuy.Error) {
	t.Helper()
	assert.Equal(t, want.Status, got.Status, "status")
	assert.Equal(t, want.Code, got.Code, "code")
	assert.Equal(t, want.Soft, got.Soft, "soft")
	assert.ElementsMatch(t, want.SKUs, got.SKUs, "skus")
	assert.Equal(t, want.Products, got.Products)
	assert.Equal(t, want.Warehouses, got.Warehouses)
	assert.Equal(t, want.Fields, got.Fields)
	assert.Equal(t, want.OrderID, got.OrderID)
	assert.Equal(t, want.ZipExample, got.ZipExample)
	assert.True(t, want.Balance.Equal(got.Balance), "balance %s", got.Balance)
	assert.True(t, want.Total.Equal(got.Total), "total %s", got.Total)
	assert.True(t, want.Minimum.Equal(got.Minimum), "minimum %s", got.Minimum)
	if want.Message != "" {
		assert.Equal(t, want.Message, got.Message)
	}
}
