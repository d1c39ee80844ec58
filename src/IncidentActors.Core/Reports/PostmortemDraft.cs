using System.Collections.Immutable;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Reports;

/// <summary>One of the six sections.</summary>
/// <param name="Id">As <see cref="Markdown.Normalize"/> writes the heading.</param>
/// <param name="Text">The prefilled text; null if only a person can write it.</param>
/// <param name="Written">True if it is from the saved postmortem; false if it was generated from the timeline.</param>
/// <param name="Asks">What the section has to say.</param>
public sealed record PostmortemSection(string Id, string Heading, string? Text, bool Written, string Asks);

/// <summary>
/// The postmortem (seed 000, Post-Incident Requirements; seed 002 §8): its six sections as they were written, and what was not, as the
/// timeline gives it. The action items become ATPs when the postmortem's ATP closes.
/// </summary>
public sealed record PostmortemDraft(string IncidentId, string Title, ImmutableArray<PostmortemSection> Sections)
{
    /// <summary>The type of the artifact.</summary>
    public const string Artifact = "Postmortem";

    /// <summary>Headings with what they ask, in order.</summary>
    public static readonly ImmutableArray<(string Heading, string Asks)> Headings =
    [
        ("Timeline", "What happened when, from the first sign to the resolution."),
        ("Root cause", "Why it happened, and why nothing caught it before."),
        ("Impact", "Who was affected, by what, and for how long."),
        ("Resolution", "What stopped it, and how that was verified."),
        ("Prevention", "What keeps it from coming again."),
        ("Action items", "One line beginning with '- ' for each; each becomes an ATP when the postmortem closes."),
    ];

    /// <summary>Headings of sections without text.</summary>
    public ImmutableArray<string> Missing => [.. Sections.Where(section => section.Text is null).Select(section => section.Heading)];

    public static PostmortemDraft Of(Dossier dossier) => Of(dossier, dossier.Artifact(Artifact));

    /// <param name="written">The postmortem as somebody has written it so far, or null.</param>
    public static PostmortemDraft Of(Dossier dossier, string? written) => new(
        dossier.Incident.Id,
        $"Postmortem: {dossier.Incident.Title}",
        [.. Headings.Select(known => Section(dossier, written, known.Heading, known.Asks))]);

    /// <summary>The text of an artifact out of its sections; empty ones are left out, so that they are asked for; none spills into the next.</summary>
    public static string Compose(string title, IEnumerable<(string Heading, string? Text)> sections) =>
        $"# {MarkdownText.Inline(title)}\n" + string.Concat(sections
            .Where(section => !string.IsNullOrWhiteSpace(section.Text))
            .Select(section => $"\n## {section.Heading}\n\n{MarkdownText.Block(section.Text!.Trim())}\n"));

    /// <summary>As Markdown for people; what only a person knows is marked as missing.</summary>
    public Report Report()
    {
        var write = new ReportWriter().Heading($"# {MarkdownText.Inline(Title)}");
        foreach (var section in Sections) write.Section($"## {section.Heading}", section.Text, section.Heading.ToLowerInvariant());
        return write.Done();
    }

    private static PostmortemSection Section(Dossier dossier, string? written, string heading, string asks)
    {
        var id = Markdown.Normalize(heading);
        var own = written is null ? null : Markdown.Section(written, id);
        return new PostmortemSection(id, heading, own ?? Known(dossier, id), own is not null, asks);
    }

    private static string? Known(Dossier dossier, string id) => id switch
    {
        "timeline" => Timeline(dossier),
        _ => TextOf(dossier, id) is { } said ? MarkdownText.Block(said) : null,
    };

    private static string Timeline(Dossier dossier) =>
        string.Join('\n', TimelineText.Of(dossier).Select(line => Line(dossier, line)));

    private static string? TextOf(Dossier dossier, string id) => id switch
    {
        "root cause" => dossier.Section("root cause", "underlying cause", "why it happened") ?? dossier.RootCause ?? dossier.Resolution?.Summary,
        "impact" => Impact(dossier),
        "resolution" => dossier.Incident.Fix ?? NoFix(dossier) ?? dossier.Section("resolution", "immediate fix", "minimal fix"),
        "prevention" => dossier.Section("prevention", "short term", "long term"),
        _ => dossier.Section(id),
    };

    private static string? NoFix(Dossier dossier) => dossier.Resolution?.NoFix is { } why ? $"No fix was needed: {why}" : null;

    /// <summary>An item of the list; what was said in several lines stays in several lines of it.</summary>
    private static string Line(Dossier dossier, TimelineLine line)
    {
        var said = MarkdownText.Lines(line.Action, "  ");
        var what = $"- {ReportWords.Clock(line.At, dossier.Incident.StartedAt)} {MarkdownText.Inline(line.Event)}";
        return said.Length == 0 ? what
            : said.Contains('\n', StringComparison.Ordinal) ? $"{what}:\\\n  {said}"
            : $"{what} ({MarkdownText.Inline(line.Action)})";
    }

    private static string? Impact(Dossier dossier)
    {
        var users = dossier.Incident.Assessment?.UsersAffected is { } affected ? $"Users affected: {affected}" : null;
        if ((dossier.Incident.Impact ?? users ?? dossier.Section("impact")) is not { } impact) return null;
        return dossier.Duration is { } lasted ? $"{impact.TrimEnd('.')}. It lasted {ReportWords.Minutes(lasted)}." : impact;
    }
}
