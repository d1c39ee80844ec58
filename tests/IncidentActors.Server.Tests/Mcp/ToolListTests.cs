using System.Text.Encodings.Web;
using System.Text.Json;
using IncidentActors.Server.Mcp;
using IncidentActors.Server.Tools;
using ModelContextProtocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>What a model reads before it can do anything: small, and the same as long as nobody changes it on purpose.</summary>
public sealed class ToolListTests
{
    private const int MaxTokens = 5000;
    private const int CharactersPerToken = 4;

    private static readonly JsonSerializerOptions Readable = new(McpJsonUtilities.DefaultOptions)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_responders_list_is_small()
    {
        var list = JsonSerializer.Serialize(ToolSet.Of(ToolSet.Responder)!.Value, McpJsonUtilities.DefaultOptions);
        Assert.InRange(list.Length / CharactersPerToken, 1, MaxTokens - 1);
    }

    /// <summary>To renew the file, delete it and copy what the test writes beside it.</summary>
    [Fact]
    public async Task The_responders_list_is_as_it_always_was()
    {
        var written = JsonSerializer.Serialize(ToolSet.Of(ToolSet.Responder)!.Value, Readable) + "\n";
        var file = Path.Combine(AppContext.BaseDirectory, "Mcp", "Golden", "responder.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file + ".new", written);
        Assert.Equal(File.Exists(file) ? await File.ReadAllTextAsync(file) : "", written);
    }

    [Fact]
    public void All_shows_the_whole_catalogue_with_true_annotations()
    {
        var all = ToolSet.Of(ToolSet.All)!.Value;
        Assert.Equal(ToolCatalogue.All.Select(tool => tool.Name), all.Select(tool => tool.Name));
        foreach (var (shown, tool) in all.Zip(ToolCatalogue.All))
        {
            Assert.Equal(tool.Description.ReadOnly, shown.Annotations!.ReadOnlyHint == true);
            if (!tool.Description.ReadOnly) Assert.Equal(tool.Description.Destructive, shown.Annotations.DestructiveHint);
            Assert.Equal("object", shown.OutputSchema!.Value.GetProperty("type").GetString());
        }
    }
}
