using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentActors.Server.Deliveries;

/// <summary>How subscriptions and deliveries are stored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(DeliveryPosition))]
[JsonSerializable(typeof(Delivery))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
