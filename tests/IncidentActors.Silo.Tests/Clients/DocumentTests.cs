using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>Each code block of the documents of the packages is in a source that is compiled: a sample, or a test.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Folders = ["samples", "tests/IncidentActors.Silo.Tests/Clients", "tests/IncidentActors.Silo.Tests/Agents"];

    [Theory]
    [InlineData("CLIENT.md", 7)]
    [InlineData("HOSTED-AGENTS.md", 7)]
    public void Each_code_block_of_the_document_is_compiled(string document, int least)
    {
        var sources = Folders.SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(SourceTree.Root, file).Split('/').Any(part => part is "bin" or "obj"))
            .Select(file => Lines(File.ReadAllText(file))).ToList();
        var blocks = Block().Matches(File.ReadAllText(SourceTree.Path("docs", document))).Select(match => Lines(match.Groups["code"].Value)).ToList();

        Assert.True(blocks.Count >= least);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    /// <summary>Without indentation, each line between line ends.</summary>
    private static string Lines(string code) => $"\n{string.Join('\n', code.Trim().Split('\n').Select(line => line.Trim()))}\n";

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
