namespace IncidentActors.Core.Tests.Flows;

/// <summary>Committed files that a test's output must equal. <c>UPDATE_GOLDEN=1</c> writes them anew, to be read before they are committed.</summary>
internal static class Golden
{
    /// <summary>The folder of these tests in the source tree.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "tests", "IncidentActors.Core.Tests", "Flows");

    public static void Equal(string file, string actual)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IncidentActors.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no IncidentActors.sln above the tests");
        }

        return folder.FullName;
    }
}
