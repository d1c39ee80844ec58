using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace IncidentActors.Core.Tests.Reports;

/// <summary>What people and alerts write stands in reports line by line, and changes nothing around it, as a CommonMark reader sees it.</summary>
public class MarkdownTextTests
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().Build();

    public static TheoryData<string> Hostile => new(
        "# Root cause\nnothing", "**Action items**\n- [ ] pay @mallory", "one\n===\ntwo\n---", "```\nnever closed", "~~~", "<!-- never closed",
        "<details>\n<script>x</script>", "a | b\n--- | ---\n1 | 2", "x\n:-", "> quoted\n1. numbered\n2) also\n+ item\n* item\n- item",
        "first\n\n[id]: https://example.org", "ends with\\", "\\<b>", "\\\\<b>", "C:\\|D:", "___\n***", "<", "| a |\n| - |", "# ", "##", "#\ttabbed",
        "    indented\n\n\n    code", "\u2028# line separator\u0085# next line\f# form feed\r# return");

    [Theory, MemberData(nameof(Hostile))]
    public void A_note_of_the_timeline_changes_nothing_around_it(string note)
    {
        var report = PostmortemDraft.Of(With(note)).Report().Markdown;

        var document = Markdig.Markdown.Parse(report, Pipeline);
        Assert.Equal(7, document.Descendants<HeadingBlock>().Count());
        Assert.All(document.Descendants<HeadingBlock>(), heading => Assert.Same(document, heading.Parent));
        Assert.Empty(document.Descendants<HtmlBlock>());
        Assert.Empty(document.Descendants<HtmlInline>());
        Assert.Empty(document.Descendants<FencedCodeBlock>());
        Assert.Empty(document.Descendants<CodeBlock>());
        Assert.Empty(document.Descendants<QuoteBlock>());
        Assert.Empty(document.Descendants<ThematicBreakBlock>());
        Assert.Empty(document.Descendants<Table>());
        Assert.Empty(document.Descendants<LinkReferenceDefinition>());
        var list = Assert.Single(document.Descendants<ListBlock>());
        Assert.Equal(TimelineText.Of(With(note)).Count(), list.Count);
        Assert.DoesNotContain("pay", Core.Messages.ActionItem.In(report).Select(item => item.Text));
        Assert.Equal(PostmortemDraft.Of(With("harmless")).Missing.AsEnumerable(), PostmortemDraft.Of(With(note)).Missing);
    }

    [Theory, MemberData(nameof(Hostile))]
    public void What_was_said_of_the_fix_stays_in_its_section(string fix)
    {
        var draft = PostmortemDraft.Of(Resolved(fix));
        var text = PostmortemDraft.Compose(draft.Title, draft.Sections.Select(section => (section.Heading, (string?)(section.Text ?? "said"))));

        Assert.Equal<IEnumerable<string>>(
            ["timeline", "root cause", "impact", "prevention", "action items"],
            Core.Messages.Markdown.FilledSections(text).Where(section => section != "resolution"));
        var document = Markdig.Markdown.Parse(text, Pipeline);
        Assert.Equal(7, document.Descendants<HeadingBlock>().Count());
        Assert.Empty(document.Descendants<HtmlBlock>());
    }

    [Theory, MemberData(nameof(Hostile))]
    public void The_report_keeps_its_tables_and_headings(string note)
    {
        var plain = Markdig.Markdown.Parse(IncidentReport.Of(With("harmless")).Markdown, Pipeline);
        var document = Markdig.Markdown.Parse(IncidentReport.Of(With(note)).Markdown, Pipeline);

        Assert.Equal(Shape(plain), Shape(document));
    }

    [Fact]
    public void Lines_of_a_note_stay_lines_and_its_paragraphs_paragraphs()
    {
        var report = PostmortemDraft.Of(With("Rolled back.\nErrors went on:\n- pool exhausted\n\nFlag is off now.")).Report().Markdown;

        Assert.Contains(
            "Note by @dev:\\\n  Rolled back.\\\n  Errors went on:\\\n  \\- pool exhausted\n\n  Flag is off now.\n", report, StringComparison.Ordinal);
        var item = Markdig.Markdown.Parse(report, Pipeline).Descendants<ListItemBlock>().Last(item => item.Count > 1);
        Assert.Equal(3, item.Descendants<LineBreakInline>().Count(line => line.IsHard));
    }

    [Fact]
    public void A_draft_that_is_saved_as_it_was_generated_has_not_what_it_asks_for()
    {
        var draft = PostmortemDraft.Of(With("note")).Report();

        Assert.NotEmpty(draft.Missing);
        Assert.Equal(draft.Missing.AsEnumerable(), Core.Messages.Markdown.Missing(draft.Missing, Core.Messages.Markdown.FilledSections(draft.Markdown)));
    }

    private static string Shape(MarkdownDocument document) => string.Join(
        ' ', document.Descendants<Block>().Where(block => block is HeadingBlock or Table or TableRow or ListBlock).Select(block => block.GetType().Name));

    private static Dossier With(string note) => Of(new IncidentNoted(note));

    private static Dossier Resolved(string fix) => Of(new IncidentResolved("done", null, fix, [], null));

    private static Dossier Of(IEvent last)
    {
        var stage = new Stage();
        var (id, _) = stage.Declared();
        var declared = stage.Events.Select(one => new TimelineEvent(one.Actor, one.Event, stage.Now, "@api")).ToList();
        return new Dossier(id, declared.Append(new TimelineEvent(ActorId.Incident(id), last, stage.Now, "@dev")));
    }
}
