using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Messages;

/// <summary>Which sections of what people write are there: headings of code are none, and what is marked as missing is missing.</summary>
public class MarkdownTests
{
    /// <summary>Seed 003's code rollback, as somebody pastes it into a postmortem.</summary>
    private const string Rollback =
        "## Resolution\n```bash\n# Revert to last known good commit\ngit revert HEAD --no-commit\n# Push it\ngit push origin main\n```\n## Prevention\nchecks";

    [Fact]
    public void A_comment_in_a_code_block_is_no_heading()
    {
        Assert.Equal<IEnumerable<string>>(["resolution", "prevention"], Markdown.FilledSections(Rollback));
        Assert.EndsWith("git push origin main\n```", Markdown.Section(Rollback, "resolution"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~~~\n# one\n```\n# two\n~~~\n## After\nx")]
    [InlineData("````\n```\n# one\n```\n````\n## After\nx")]
    [InlineData("```inline``` code\n## After\nx")]
    public void A_block_ends_with_the_mark_that_began_it(string text) => Assert.Equal<IEnumerable<string>>(["after"], Markdown.FilledSections(text));

    [Theory]
    [InlineData("[missing: root cause]", false)]
    [InlineData("- [missing: root cause] [missing: why]", false)]
    [InlineData("[missing: half of it", true)]
    [InlineData("a leak [missing: where]", true)]
    public void What_is_marked_as_missing_fills_nothing(string line, bool filled) =>
        Assert.Equal(filled, Markdown.FilledSections($"## Root cause\n{line}").Contains("root cause"));
}
