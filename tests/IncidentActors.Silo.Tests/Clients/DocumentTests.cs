using System.Text.RegularExpressions;
using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>Each code block of docs/CLIENT.md is in a source that is compiled: the sample, or a test.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Folders = ["samples/ServiceClient", "tests/IncidentActors.Silo.Tests/Clients"];

    [BehaviourFact]
    public void Each_code_block_of_the_document_is_compiled()
    {
        var sources = Folders.SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(SourceTree.Root, file).Split('/').Any(part => part is "bin" or "obj"))
            .Select(file => Lines(File.ReadAllText(file))).ToList();
        var blocks = Block().Matches(File.ReadAllText(SourceTree.Path("docs", "CLIENT.md"))).Select(match => Lines(match.Groups["code"].Value)).ToList();

        Assert.True(blocks.Count >= 7);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    /// <summary>Without indentation, each line between line ends.</summary>
    private static string Lines(string code) => $"\n{string.Join('\n', code.Trim().Split('\n').Select(line => line.Trim()))}\n";

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
