using System.Text;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>The tables of <c>docs/TELEMETRY.md</c> say what the program says; a failure shows what should stand there.</summary>
public sealed class TelemetryTableTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TELEMETRY.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_span()
    {
        var table = new StringBuilder("| span | meaning | under |\n|---|---|---|\n");
        foreach (var span in SpanCatalogue.All) table.Append($"| `{span.Name}` | {span.Meaning} | {span.Under} |\n");
        Assert.Equal(table.ToString(), Part("spans"));
    }

    [Fact]
    public void Every_metric()
    {
        var table = new StringBuilder("| metric | kind | unit | meaning | labels |\n|---|---|---|---|---|\n");
        foreach (var metric in MetricCatalogue.All)
        {
            var labels = string.Join(", ", metric.Labels.Select(label => $"`{label}`"));
            table.Append($"| `{metric.Name}` | {metric.Instrument.ToString().ToLowerInvariant()} | {metric.Unit} | {metric.Meaning} | {labels} |\n");
        }

        Assert.Equal(table.ToString(), Part("metrics"));
    }

    [Fact]
    public void Every_attribute_is_explained() =>
        Assert.All(
            typeof(Names).GetFields().Select(field => (string)field.GetRawConstantValue()!),
            name => Assert.Contains($"`{name}`", Text, StringComparison.Ordinal));

    private static string Part(string name)
    {
        var begin = Text.IndexOf($"<!-- {name} -->\n", StringComparison.Ordinal) + $"<!-- {name} -->\n".Length;
        return Text[begin..Text.IndexOf($"<!-- /{name} -->", StringComparison.Ordinal)];
    }
}
