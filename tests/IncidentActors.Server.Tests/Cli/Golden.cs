namespace IncidentActors.Server.Tests.Cli;

/// <summary>Committed files that the command line's output must equal. <c>UPDATE_GOLDEN=1</c> writes them anew, to be read before they are committed.</summary>
internal static class Golden
{
    public static string Folder { get; } = Path.Combine(SourceTree.Root, "tests", "IncidentActors.Server.Tests", "Cli", "Golden");

    public static void Equal(string file, string actual)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}

internal static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IncidentActors.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no IncidentActors.sln above the tests");
        return folder.FullName;
    }
}
