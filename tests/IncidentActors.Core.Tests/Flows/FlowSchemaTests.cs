using System.Text.Json;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Flows;

public class FlowSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ShippedText.Schema).RootElement;

    public static TheoryData<string> Names => [.. ShippedText.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_shipped_flows_keep_the_schema(string name) => Assert.Empty(new SchemaWalk(Schema).Errors(ShippedText.Of(name)));

    [Theory]
    [InlineData("key-unknown.yaml")]
    [InlineData("key-missing.yaml")]
    [InlineData("value-type.yaml")]
    [InlineData("value-unknown.yaml")]
    [InlineData("list-expected.yaml")]
    [InlineData("duration-malformed.yaml")]
    [InlineData("name-malformed.yaml")]
    [InlineData("row-tool-unknown.yaml")]
    [InlineData("severity-unknown.yaml")]
    [InlineData("approval-timeout-missing.yaml")]
    public void Broken_form_breaks_the_schema_too(string file) =>
        Assert.NotEmpty(new SchemaWalk(Schema).Errors(Golden.Read($"Broken/{file}")));

    /// <summary>An unknown key makes the reader list the keys that it knows; the schema must list the same.</summary>
    [Theory]
    [InlineData("", "x: 1")]
    [InlineData("state", "states: [{ x: 1 }]")]
    [InlineData("gate", "gates: [{ x: 1 }]")]
    [InlineData("branch", "branches: [{ x: 1 }]")]
    [InlineData("phase", "phases: [{ x: 1 }]")]
    [InlineData("row", "rows: [{ x: 1 }]")]
    [InlineData("requires", "rows: [{ requires: { x: 1 } }]")]
    [InlineData("artifact", "rows: [{ requires: { artifacts: [{ x: 1 }] } }]")]
    [InlineData("approval", "rows: [{ requires: { approval: { x: 1 } } }]")]
    [InlineData("emits", "rows: [{ emits: { x: 1 } }]")]
    [InlineData("message", "rows: [{ emits: { messages: [{ x: 1 }] } }]")]
    [InlineData("followUp", "rows: [{ emits: { followUp: { x: 1 } } }]")]
    public void Reader_and_schema_know_the_same_keys(string part, string yaml)
    {
        var schema = part.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(part);
        var problems = FlowYaml.Parse(yaml, "keys.yaml").Problems;
        var unknown = Assert.Single(problems, problem => problem.Rule == FlowRules.KeyUnknown);
        var missing = problems
            .Where(problem => problem.Rule == FlowRules.KeyMissing && problem.Column == MapColumn(yaml))
            .Select(problem => problem.Reason.Split('`')[1]);

        Assert.Equal(
            schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(),
            unknown.Reason.Split(" are ")[1].Split(", ").Order());
        Assert.Equal(Required(schema, part).Order(), missing.Order());
    }

    [Fact]
    public void Tools_and_message_types_are_those_of_the_code()
    {
        Assert.Equal(FlowContext.Tools.Order(StringComparer.Ordinal), Enumerated("row", "tools").Order(StringComparer.Ordinal));
        Assert.Equal(Enum.GetNames<MessageType>(), Enumerated("message", "type"));
    }

    private static int MapColumn(string yaml) => yaml.Contains("{ x") ? yaml.IndexOf("{ x", StringComparison.Ordinal) + 1 : 1;

    /// <summary>A missing timeout is the checker's to name, by a rule of its own.</summary>
    private static IEnumerable<string> Required(JsonElement schema, string part) => schema.TryGetProperty("required", out var keys)
        ? keys.EnumerateArray().Select(key => key.GetString()!).Where(key => (part, key) != ("approval", "within"))
        : [];

    private static IEnumerable<string> Enumerated(string part, string key)
    {
        var property = Schema.GetProperty("$defs").GetProperty(part).GetProperty("properties").GetProperty(key);
        var values = property.TryGetProperty("items", out var items) ? items : property;
        return values.GetProperty("enum").EnumerateArray().Select(value => value.GetString()!);
    }
}
