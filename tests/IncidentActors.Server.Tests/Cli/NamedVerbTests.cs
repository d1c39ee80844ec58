using System.Text.RegularExpressions;
using IncidentActors.Cli;
using IncidentActors.Cli.Terminals;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>The commands that documents and runbooks name exist.</summary>
public sealed partial class NamedVerbTests
{
    /// <summary>Verbs of the server's program, which <c>./incident</c> passes on.</summary>
    private static readonly string[] OfTheServer = ["journal", "import"];

    [Fact]
    public void Every_command_that_a_document_names_is_a_verb() => Assert.Empty(
        from file in new[] { "docs", "deploy" }.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.md", SearchOption.AllDirectories))
        where !file.Contains($"{Path.DirectorySeparatorChar}seeds{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        from named in Named().Matches(File.ReadAllText(file))
        where !IsVerb(named.Groups[1].Value, named.Groups[2].Value)
        select $"{Path.GetRelativePath(SourceTree.Root, file)}: {named.Value}");

    [Theory]
    [InlineData("halt", "status", true)]
    [InlineData("halt", "service", true)]
    [InlineData("lift", "", true)]
    [InlineData("journal", "verify", true)]
    [InlineData("halt", "lift", false)]
    [InlineData("token", "make", false)]
    [InlineData("artifact_create", "", false)]
    public void A_verb_is_told_from_what_is_none(string verb, string next, bool exists) => Assert.Equal(exists, IsVerb(verb, next));

    /// <summary>The second word is a verb below the first, or its argument, which is not the name of another verb.</summary>
    private static bool IsVerb(string verb, string next)
    {
        if (OfTheServer.Contains(verb)) return true;
        var root = CommandLine.Root(Terminal.Real());
        if (root.Subcommands.FirstOrDefault(one => one.Name == verb) is not { } found) return false;
        return next == "" || found.Subcommands.Any(one => one.Name == next)
            || (found.Arguments.Count > 0 && (found.Subcommands.Count == 0 || root.Subcommands.All(one => one.Name != next)));
    }

    [GeneratedRegex(@"(?:`|\./)incident ([a-z][a-z_-]*)(?: ([a-z][a-z-]*))?")]
    private static partial Regex Named();
}
