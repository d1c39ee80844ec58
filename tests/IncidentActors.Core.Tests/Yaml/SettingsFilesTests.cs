using IncidentActors.Core.Agents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Tests.Yaml;

/// <summary>A file that cannot hold is refused with file, line and what would be right; nothing in it ends the program.</summary>
public class SettingsFilesTests
{
    [Theory]
    [InlineData("members:", "mine.yaml:1:9: roster.value.type: `members` must be a list")]
    [InlineData("members:\n  - handle:", "mine.yaml:2:12: roster.value.type: `members[0].handle` is a text")]
    [InlineData("members:\n  - { handle: \"@a\", roles: }", "`members[0].roles` must be a list")]
    [InlineData("members: [null]", "`members[0]` is a member")]
    [InlineData("members:\n  - title: x", "mine.yaml:2:5: roster.key.missing: a member needs the key `handle`")]
    [InlineData("members: [{ handle: a }, { handle: '@a' }]", "listed twice")]
    [InlineData("members: [{ handle: '@system' }]", "reserved")]
    [InlineData("members: [{ handle: '@a b' }]", "looks like '@dev'")]
    [InlineData("duties: [{ category: weather }]", "`duties[0].category` must be one of availability, security")]
    [InlineData("people: []", "its keys are members, duties")]
    [InlineData("members: &a []", "anchors and aliases are not read")]
    [InlineData("members: [", "mine.yaml:2:1: roster.syntax")]
    [InlineData("", "empty")]
    public void A_roster_is_refused_with_line_and_key(string yaml, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => RosterYaml.Parse(yaml, "mine.yaml")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("runbooks:", "mine.yaml:1:10: runbook.value.type: `runbooks` must be a list")]
    [InlineData("runbooks: [{ id: a, steps: }]", "`runbooks[0].steps` must be a list")]
    [InlineData("runbooks: [{ id: a, steps: [[]] }]", "names no program")]
    [InlineData("runbooks: [{ id: a, steps: [x] }]", "must be a list")]
    [InlineData("runbooks: [{ id: a, steps: [[x]], within: soon }]", "`soon` is not a duration")]
    [InlineData("runbooks: [{ id: a }]", "either steps or a webhook")]
    [InlineData("runbooks: [{ id: a, steps: [['{x}']] }]", "is fixed")]
    [InlineData("runbooks: [{ id: a, webhook: 'ftp://x' }]", "not an http address")]
    [InlineData("runbooks: [{ id: a, steps: [[x]] }, { id: a, steps: [[x]] }]", "twice")]
    public void A_file_of_runbooks_is_refused_with_line_and_key(string yaml, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => RunbooksYaml.Parse(yaml, "mine.yaml")).Message, StringComparison.Ordinal);

    /// <summary>26 KB that an alias makes 40 MB.</summary>
    [Fact]
    public void Aliases_in_front_matter_are_refused()
    {
        var text = $"---\nimpact: &a \"{new string('x', 20_000)}\"\nrelated_files: [{string.Join(", ", Enumerable.Repeat("*a", 2000))}]\n---\n";
        var error = Assert.Throws<FormatException>(() => KnowledgeFile.Parse(text, Otherwise));
        Assert.Contains("Line 2 of the front matter: anchors and aliases are not read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Front_matter_is_bounded()
    {
        var long1 = $"---\nimpact: \"{new string('x', 2001)}\"\n---\n";
        Assert.Contains("Line 2", Assert.Throws<FormatException>(() => KnowledgeFile.Parse(long1, Otherwise)).Message, StringComparison.Ordinal);
        var many = $"---\ntags: [{string.Join(", ", Enumerable.Range(0, 501))}]\n---\n";
        Assert.Contains("at most 500", Assert.Throws<FormatException>(() => KnowledgeFile.Parse(many, Otherwise)).Message, StringComparison.Ordinal);
    }

    private static KnowledgeEntry Otherwise => new() { Id = "KB-1", Title = "x", Date = new DateOnly(2026, 1, 26), Body = "" };
}
