package shopify

// document is one GraphQL document. Those whose lists take $first and $inner
// are sized by what the shop lets a query cost.
type document struct {
	name, text string
	writes     bool
}

// The documents, all that is ever sent. Those of what is read:
var (
	docOrders = document{name: "list orders", text: `query Orders($first:Int!,$inner:Int!,$after:String,$q:String!){
 orders(first:$first,after:$after,query:$q,sortKey:UPDATED_AT){pageInfo{...Page} nodes{...Order}}}` + orderParts}
	docOrder = document{name: "read order", text: `query Order($inner:Int!,$id:ID!){order(id:$id){...Order}}` + orderParts}
	docLines = document{name: "read lines", text: `query Lines($inner:Int!,$id:ID!,$after:String!){
 order(id:$id){lineItems(first:$inner,after:$after){pageInfo{...Page} nodes{...Line}}}}` + lineParts}
	docRoutes = document{name: "read fulfillment orders", text: `query Routes($id:ID!,$after:String!){
 order(id:$id){fulfillmentOrders(first:50,after:$after){pageInfo{...Page} nodes{...Route}}}}` + routeParts}
	docRouted = document{name: "list fulfillment orders", text: `query Routed($after:String,$q:String!){
 fulfillmentOrders(first:100,after:$after,query:$q,sortKey:UPDATED_AT,includeClosed:true){pageInfo{...Page} nodes{updatedAt order{id}}}}` + pageParts}
	docScopes = document{name: "read access scopes", text: `query Scopes{currentAppInstallation{accessScopes{handle}}}`}
)

// And those of reports:
var (
	docWork = document{name: "read shipments", text: `query Work($first:Int!,$inner:Int!,$id:ID!){
 order(id:$id){id cancelledAt metafield(key:"` + memoryKey + `"){value}
  fulfillmentOrders(first:$first){pageInfo{...Page} nodes{...Work}}
  fulfillments(first:100){id status trackingInfo(first:50){company number url}
   fulfillmentLineItems(first:$inner){pageInfo{...Page} nodes{...Sent}}}}}` + workParts + sentParts + pageParts}
	docWorkMore = document{name: "read more to ship", text: `query MoreWork($first:Int!,$inner:Int!,$id:ID!,$after:String!){
 order(id:$id){fulfillmentOrders(first:$first,after:$after){pageInfo{...Page} nodes{...Work}}}}` + workParts + pageParts}
	docWorkLines = document{name: "read lines to ship", text: `query WorkLines($inner:Int!,$id:ID!,$after:String!){
 node(id:$id){... on FulfillmentOrder{lineItems(first:$inner,after:$after){pageInfo{...Page} nodes{...ToShip}}}}}` + toShipParts + pageParts}
	docSent = document{name: "read lines shipped", text: `query SentLines($inner:Int!,$id:ID!,$after:String!){
 node(id:$id){... on Fulfillment{fulfillmentLineItems(first:$inner,after:$after){pageInfo{...Page} nodes{...Sent}}}}}` + sentParts + pageParts}

	docShip = document{name: "create fulfillment", writes: true, text: `mutation Ship($f:FulfillmentInput!){
 fulfillmentCreate(fulfillment:$f){fulfillment{id} userErrors{field message}}}`}
	docTrack = document{name: "update tracking", writes: true, text: `mutation Track($id:ID!,$t:FulfillmentTrackingInput!,$notify:Boolean){
 fulfillmentTrackingInfoUpdate(fulfillmentId:$id,trackingInfoInput:$t,notifyCustomer:$notify){fulfillment{id} userErrors{field message}}}`}
	docRemember = document{name: "remember parcels", writes: true, text: `mutation Remember($m:[MetafieldsSetInput!]!){
 metafieldsSet(metafields:$m){metafields{id} userErrors{field code}}}`}
	docCancel = document{name: "cancel order", writes: true, text: `mutation Cancel($id:ID!,$reason:OrderCancelReason!,$restock:Boolean!,$refund:OrderCancelRefundMethodInput,$notify:Boolean,$note:String){
 orderCancel(orderId:$id,reason:$reason,restock:$restock,refundMethod:$refund,notifyCustomer:$notify,staffNote:$note){job{id done} orderCancelUserErrors{code field}}}`}
)

const (
	pageParts  = ` fragment Page on PageInfo{hasNextPage endCursor}`
	moneyParts = ` fragment Money on MoneyBag{shopMoney{amount currencyCode}}`
	routeParts = ` fragment Route on FulfillmentOrder{id status updatedAt supportedActions{action}}` + pageParts
	lineParts  = ` fragment Line on LineItem{id title variantTitle sku quantity currentQuantity unfulfilledQuantity requiresShipping
 originalTotalSet{...Money} discountAllocations{allocatedAmountSet{...Money}} taxLines{priceSet{...Money}}}` + moneyParts + pageParts
	orderParts = ` fragment Order on Order{id name createdAt updatedAt cancelledAt closedAt test requiresShipping taxesIncluded currencyCode
 displayFinancialStatus displayFulfillmentStatus email phone note totalPriceSet{...Money}
 shippingAddress{firstName lastName company address1 address2 city province provinceCode zip countryCodeV2 phone}
 shippingLines(first:20){pageInfo{...Page} nodes{title isRemoved discountedPriceSet{...Money} taxLines{priceSet{...Money}}}}
 fulfillmentOrders(first:10){pageInfo{...Page} nodes{...Route}}
 lineItems(first:$inner){pageInfo{...Page} nodes{...Line}}}` +
		` fragment Route on FulfillmentOrder{id status updatedAt supportedActions{action}}` + lineParts
	toShipParts = ` fragment ToShip on FulfillmentOrderLineItem{id remainingQuantity lineItem{id sku}}`
	sentParts   = ` fragment Sent on FulfillmentLineItem{quantity lineItem{id}}`
	workParts   = ` fragment Work on FulfillmentOrder{id status supportedActions{action} assignedLocation{location{id}}
 lineItems(first:$inner){pageInfo{...Page} nodes{...ToShip}}}` + toShipParts
)

// memoryKey is the order's metafield, in the namespace that only this app
// sees, which keeps what was told of each parcel.
const memoryKey = "parcels"
