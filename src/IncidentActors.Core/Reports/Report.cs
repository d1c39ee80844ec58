using System.Collections.Immutable;
using System.Text;

namespace IncidentActors.Core.Reports;

/// <summary>A generated text. What only a person knows appears as <c>[missing: …]</c> and is listed, so that it can be asked for.</summary>
/// <param name="Missing">In the order of the text, each once.</param>
public sealed record Report(string Markdown, ImmutableArray<string> Missing);

/// <summary>A report as programs read it.</summary>
/// <param name="Form"><c>incident</c>, <c>resolution</c>, <c>chatroom</c>, <c>handoff</c> or <c>knowledge</c>.</param>
public sealed record ReportView(string IncidentId, string Form, string Markdown, ImmutableArray<string> Missing);

/// <summary>Writes a report line by line and remembers what is missing.</summary>
internal sealed class ReportWriter
{
    private readonly StringBuilder text = new();
    private readonly List<string> missing = [];

    public ReportWriter Line(string line = "")
    {
        text.Append(line.TrimEnd()).Append('\n');
        return this;
    }

    /// <summary>A heading, an empty line after it.</summary>
    public ReportWriter Heading(string heading) => Line(heading).Line();

    /// <summary>The text as part of a line, or a placeholder when only a person knows it.</summary>
    public string Or(string? known, string what) => MarkdownText.Inline(AsItIs(known, what));

    /// <summary>The text as it was written, for what is not Markdown.</summary>
    public string AsItIs(string? known, string what)
    {
        if (!string.IsNullOrWhiteSpace(known)) return known.Trim();
        if (!missing.Contains(what)) missing.Add(what);
        return $"[missing: {what}]";
    }

    /// <summary>A section: heading, text or its absence, an empty line.</summary>
    public ReportWriter Section(string heading, string? known, string what) => Line(heading).Line(MarkdownText.Block(AsItIs(known, what))).Line();

    public Report Done() => new(text.ToString().TrimEnd('\n') + "\n", [.. missing]);
}
