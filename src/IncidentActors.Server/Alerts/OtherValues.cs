using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace IncidentActors.Server.Alerts;

/// <summary>A value of an alert with a shape of its own.</summary>
/// <param name="Depth">Objects around it.</param>
internal sealed record OtherValue(string Text, int Depth);

/// <summary>
/// The single values of a body by name, of several with one name the outermost. Names are compared by their letters and digits, without case:
/// <c>check_name</c>, <c>checkName</c> and <c>_check_name</c> are one name.
/// </summary>
internal sealed class OtherValues
{
    /// <summary>The label of every such alert, for the routes: numbers of these senders have different scales.</summary>
    private const string Shape = "shape";

    /// <summary>Objects that are about something else than the alert: their names and states are not the alert's.</summary>
    private static readonly FrozenSet<string> Asides = FrozenSet.Create(
        "contexts", "sdk", "org", "organization", "project", "agent", "manager", "decoder", "user", "actor", "sender", "pusher", "owner", "account", "team",
        "repository", "integration", "installation", "browser", "os", "device", "runtime", "entity", "request", "author", "host", "source", "page");

    private static readonly FrozenSet<string> Machines = FrozenSet.Create("host", "agent", "entity");

    private readonly Dictionary<string, string> labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, OtherValue> anywhere = [];
    private readonly Dictionary<string, OtherValue> own = [];

    /// <param name="lists">Also what is in objects of lists.</param>
    public OtherValues(JsonObject given, bool lists)
    {
        var next = new Queue<(JsonObject Node, int Depth, bool Aside)>([(given, 0, false)]);
        while (next.TryDequeue(out var one))
        {
            foreach (var (name, value) in one.Node)
            {
                var plain = Plain(name);
                if (plain == "tags")
                {
                    foreach (var (tag, text) in one.Node.Texts(name)) Add(tag, text, one.Depth, one.Aside);
                }

                if (value is JsonValue && LenientText.Text(value) is { } said)
                {
                    Add(name, said, one.Depth, one.Aside);
                }
                else if (value is JsonObject within)
                {
                    next.Enqueue((within, one.Depth + 1, one.Aside || Asides.Contains(plain)));
                    // An object's own value is also the object's: {"state": {"value": "ALARM"}}.
                    var (part, called) = Machines.Contains(plain) ? (within["name"], "host") : (within["value"], name);
                    if (part is JsonValue && LenientText.Text(part) is { } ownText) Add(called, ownText, one.Depth, one.Aside);
                }
                else if (lists && value is JsonArray list)
                {
                    foreach (var item in list.OfType<JsonObject>()) next.Enqueue((item, one.Depth + 1, one.Aside || Asides.Contains(plain)));
                }
            }
        }
    }

    /// <summary>The value of the first of the names that the alert has, or null.</summary>
    public OtherValue? Find(params ReadOnlySpan<string> names) => Find(own, names);

    /// <summary>As <see cref="Find(ReadOnlySpan{string})"/>, also of what is beside the alert.</summary>
    public string? Anywhere(params ReadOnlySpan<string> names) => Find(anywhere, names)?.Text;

    public JsonObject Labels(string alertname) =>
        new(labels.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value)))) { ["alertname"] = alertname, [Shape] = "own" };

    private static OtherValue? Find(Dictionary<string, OtherValue> values, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value)) return value;
        }

        return null;
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private void Add(string name, string text, int depth, bool aside)
    {
        labels.TryAdd(name, text);
        anywhere.TryAdd(Plain(name), new OtherValue(text, depth));
        if (!aside) own.TryAdd(Plain(name), new OtherValue(text, depth));
    }
}
