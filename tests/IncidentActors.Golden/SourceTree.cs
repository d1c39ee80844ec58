namespace IncidentActors.Testing;

/// <summary>The sources that the tests were built from, found from where they run.</summary>
internal static class SourceTree
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Root => Found.Value;

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>The folder of a source file under <c>tests</c>: a deterministic build hides the path of the tree itself.</summary>
    public static string FolderOf(string source)
    {
        var file = source.Replace('\\', '/');
        return Path(System.IO.Path.GetDirectoryName(file[file.LastIndexOf("tests/IncidentActors.", StringComparison.Ordinal)..])!);
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "IncidentActors.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no IncidentActors.slnx above the tests");
        return folder.FullName;
    }
}
