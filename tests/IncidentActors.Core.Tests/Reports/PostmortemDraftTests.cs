using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;

namespace IncidentActors.Core.Tests.Reports;

public class PostmortemDraftTests
{
    private static readonly string[] Six = ["Timeline", "Root cause", "Impact", "Resolution", "Prevention", "Action items"];

    [Fact]
    public void What_the_timeline_knows_is_filled_in_and_the_rest_is_asked_for()
    {
        var draft = PostmortemDraft.Of(PaymentOutage.Resolved());

        Assert.Equal(Six, draft.Sections.Select(section => section.Heading));
        Assert.All(draft.Sections, section => Assert.False(section.Written));
        Assert.Contains("Incident declared as", draft.Sections[0].Text);
        Assert.Contains("Action items", draft.Missing);
        Assert.DoesNotContain("Timeline", draft.Missing);
        var report = draft.Report();
        Assert.Equal(draft.Missing.Select(heading => heading.ToLowerInvariant()), report.Missing);
    }

    [Fact]
    public void Only_sections_with_text_count_as_filled_and_none_is_lost()
    {
        var text = PostmortemDraft.Compose(
            "Postmortem: payments",
            Six.Select(heading => (heading, heading is "Impact" or "Prevention" ? " \n" : (string?)$"What {heading} says.\n- one\n- two")));

        Assert.Equal<IEnumerable<string>>(["timeline", "root cause", "resolution", "action items"], Markdown.FilledSections(text));
        Assert.Equal<IEnumerable<string>>(["one", "two"], ActionItem.In(text).Select(item => item.Text));
        var read = PostmortemDraft.Of(PaymentOutage.Declared(), text);
        Assert.Equal("What Root cause says.\n- one\n- two", read.Sections[1].Text);
        Assert.True(read.Sections[1].Written);
        Assert.Null(read.Sections[4].Text);
    }
}
