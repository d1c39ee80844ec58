using System.Text.Json.Nodes;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A notification as a common sender makes it: the sender's shape (<c>shapes.json</c>) with the words of one row (<c>cases.tsv</c>).</summary>
internal sealed record CorpusCase(int Number, string Sender, string Severity, string Name, string Text, string Labels)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Alerts", "Corpus");
    private static readonly JsonObject Shapes = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "shapes.json")))!.AsObject();

    public static IReadOnlyList<CorpusCase> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Folder, "cases.tsv")).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'))
            .Select((row, number) => new CorpusCase(number, row[0], row[1], row[2], row[3], row[4])),
    ];

    public string Id => $"c{Number:D3}";

    /// <summary>Says which case an incident is of.</summary>
    public string Title => $"{Text} #{Id}";

    public bool IsEvent => Body().ContainsKey("event_action");

    public string Endpoint => IsEvent ? "/v2/enqueue" : "/webhooks/alertmanager";

    public JsonObject Body()
    {
        var body = Filled(Shapes[Sender]!).AsObject();
        var labels = (body["alerts"]?[0]?["labels"] ?? body["payload"]!["custom_details"])!.AsObject();
        foreach (var label in Labels.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))) labels[label[0]] = label[1];
        return body;
    }

    private JsonNode Filled(JsonNode shape) => shape switch
    {
        JsonObject map => new JsonObject(map.Select(one => KeyValuePair.Create(one.Key, one.Value is null ? null : Filled(one.Value))!)),
        JsonArray list => new JsonArray([.. list.Select(one => one is null ? null : Filled(one))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Filled(text),
        _ => shape.DeepClone(),
    };

    private JsonNode Filled(string text) => text
        .Replace("$SEVERITY", Severity, StringComparison.Ordinal).Replace("$NAME", Name, StringComparison.Ordinal)
        .Replace("$TEXT", Title, StringComparison.Ordinal).Replace("$ID", Id, StringComparison.Ordinal);
}
